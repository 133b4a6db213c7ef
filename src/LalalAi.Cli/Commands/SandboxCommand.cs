using System.CommandLine;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Commands;

internal sealed class SandboxCommand : CliCommand
{
    private readonly CliOption<int?> _port = CliOption.Integer(OptionGroup.Network, "--port", "The port on 127.0.0.1. Any free one by default.", 0, 65535);

    private readonly CliOption<double?> _speed = CliOption.Number(
        OptionGroup.What, "--speed", "How many times faster than on the service a task is processed. 1 by default.", number => number > 0 && double.IsFinite(number), "a number, more than 0");

    private readonly CliOption<string[]> _licenseKeys =
        CliOption.Texts(OptionGroup.Network, "--license-key", "KEY", "A license key to accept. Can be given more than once. Every key is accepted by default.");

    private readonly CliOption<string?> _state =
        CliOption.Text(OptionGroup.Output, "--state", "DIR", "The folder that keeps files and tasks for the next sandbox. Everything is forgotten by default.");

    private readonly Output _output;

    public SandboxCommand(Output output)
        : base("sandbox", "Run a stand-in for the service, to try and test with: no account, no cost.")
    {
        _output = output;
        Add(_port);
        Add(_speed);
        Add(_licenseKeys);
        Add(_state);
        Add(CliOption.Flag(OptionGroup.General, CommandLine.JsonOption, "Write the address and the key to standard output as JSON."));
        Examples = ["sandbox --port 8080 --speed 10"];
        SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
    }

    private SandboxOptions Read(ParseResult arguments)
    {
        var keys = arguments.GetValue(_licenseKeys)!;
        if (keys.Any(string.IsNullOrWhiteSpace))
        {
            throw new UsageException("--license-key is empty. Pass a key such as sandbox-mine.");
        }

        return new SandboxOptions
        {
            Port = arguments.GetValue(_port) ?? 0,
            Speed = arguments.GetValue(_speed) ?? 1,
            LicenseKeys = keys.Length > 0 ? keys : null,
            StateDirectory = arguments.GetValue(_state),
        };
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = Read(arguments);
        await using var sandbox = await SandboxServer.StartAsync(options, cancellationToken);
        _output.Result("listening", new { base_url = sandbox.BaseAddress, license_key = sandbox.LicenseKey }, sandbox.BaseAddress.ToString());
        _output.Say(
            $"""
            The sandbox is listening. Point a client at it:

                export {LalalAiClientOptions.BaseAddressVariable}={sandbox.BaseAddress}
                export {LalalAiClientOptions.LicenseKeyVariable}={sandbox.LicenseKey}

            {(options.StateDirectory is null ? "It forgets everything when it ends." : $"It keeps its state in {options.StateDirectory}.")} Ctrl-C ends it.
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
        return ExitCode.Success;
    }
}
