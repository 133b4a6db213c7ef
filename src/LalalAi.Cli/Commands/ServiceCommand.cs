using System.CommandLine;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>A command that calls the service. Its arguments are checked before the license key is looked for.</summary>
internal abstract class ServiceCommand : CliCommand
{
    private readonly CliOption<string?> _licenseKeyFile = CliOption.Text(
        OptionGroup.Network,
        "--license-key-file",
        "FILE",
        $"Read the license key from this file instead of {LalalAiClientOptions.LicenseKeyVariable}. It is never an argument, which every user of the machine could read.");

    private readonly CliOption<bool> _sandbox =
        CliOption.Flag(OptionGroup.Network, "--sandbox", "Use a sandbox on this machine, which lives as long as the command: no account, no cost, no real stems.");

    protected ServiceCommand(Output output, string name, string description)
        : base(name, description)
    {
        Output = output;
        Add(_licenseKeyFile);
        Add(_sandbox);
        Add(CliOption.Flag(OptionGroup.General, CommandLine.JsonOption, "Write results to standard output as JSON, one event per line."));
        SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
    }

    protected Output Output { get; }

    protected abstract Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken);

    protected bool IsSandbox(ParseResult arguments) => arguments.GetValue(_sandbox);

    /// <summary>Opens the connection that the arguments ask for.</summary>
    protected Task<ServiceConnection> ConnectAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ServiceConnection.OpenAsync(IsSandbox(arguments), arguments.GetValue(_licenseKeyFile), cancellationToken);

    /// <summary>Opens a connection if there is a license key, for what is useful without one, too.</summary>
    protected async Task<ServiceConnection?> TryConnectAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ServiceConnection.HasKey(arguments.GetValue(_licenseKeyFile)) && !IsSandbox(arguments) ? await ConnectAsync(arguments, cancellationToken) : null;
}
