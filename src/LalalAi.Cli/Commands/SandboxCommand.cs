using System.ComponentModel;
using LalalAi.Cli.Display;
using LalalAi.Sandbox;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class SandboxCommand(Output output) : AsyncCommand<SandboxCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--port <N>")]
        [Description("The port on 127.0.0.1. By default any that is free.")]
        public int Port { get; init; }

        [CommandOption("--speed <N>")]
        [Description("How many times faster than a real task a task is done. By default 1.")]
        [DefaultValue(1.0)]
        public double Speed { get; init; }

        [CommandOption("--license-key <KEY>")]
        [Description("A license key to accept; can be given more than once. By default every key is accepted.")]
        public string[]? LicenseKeys { get; init; }

        [CommandOption("--state <DIR>")]
        [Description("The folder to keep files and tasks in, for the next sandbox on it. By default everything is forgotten.")]
        public string? StateDirectory { get; init; }

        [CommandOption("--json")]
        [Description("Write the address and the key to standard output as JSON.")]
        public bool Json { get; init; }

        public SandboxOptions ToOptions() => new() { Port = Port, Speed = Speed, LicenseKeys = LicenseKeys is { Length: > 0 } keys ? keys : null, StateDirectory = StateDirectory };

        public override ValidationResult Validate() =>
            Port is < 0 or > 65535 ? ValidationResult.Error($"--port is {Port}; it must be from 0 to 65535.")
            : !(Speed > 0) || double.IsInfinity(Speed) ? ValidationResult.Error($"--speed is {Speed}; it must be more than 0.")
            : LicenseKeys?.Any(string.IsNullOrWhiteSpace) == true ? ValidationResult.Error("--license-key is empty; give a key such as sandbox-mine.")
            : ValidationResult.Success();
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        output.IsJson = settings.Json;
        await using var sandbox = await SandboxServer.StartAsync(settings.ToOptions(), cancellationToken).ConfigureAwait(false);
        output.Result("listening", new { base_url = sandbox.BaseAddress, license_key = sandbox.LicenseKey }, sandbox.BaseAddress.ToString());
        output.Say(
            $"""
            The sandbox listens. Point a client at it:

                export {LalalAiClientOptions.BaseAddressVariable}={sandbox.BaseAddress}
                export {LalalAiClientOptions.LicenseKeyVariable}={sandbox.LicenseKey}

            {(settings.StateDirectory is null ? "It forgets everything when it ends." : $"It keeps what it knows in {settings.StateDirectory}.")} Ctrl-C ends it.
            """);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(ended.SetResult).ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        return ExitCode.Success;
    }
}
