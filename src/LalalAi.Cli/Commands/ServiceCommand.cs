using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>A command that calls the service. It validates its arguments before it reads the license key.</summary>
internal abstract class ServiceCommand : OutputCommand
{
    private readonly CliOption<string?> _licenseKeyFile = CliOption.Text(
        OptionGroup.Network,
        "--license-key-file",
        "FILE",
        $"Read the license key from this file. By default, the key comes from {LalalAiClientOptions.LicenseKeyVariable} or `lalalai "
            + "login`. The key itself is never an argument, because other users of the machine could read it.");

    private readonly CliOption<bool> _sandbox =
        CliOption.Flag(
            OptionGroup.Network,
            "--sandbox",
            "Use a temporary sandbox on this machine: no account, no cost, no real stems.");

    protected ServiceCommand(Output output, ProgramContext context, string name, string description)
        : base(output, context, name, description)
    {
        Add(_licenseKeyFile);
        Add(_sandbox);
    }

    protected bool IsSandbox(ParseResult arguments) => arguments.GetValue(_sandbox);

    /// <summary>Returns how the arguments connect to the service.</summary>
    protected virtual ConnectionOptions ReadConnection(ParseResult arguments) =>
        new(Context) { IsSandbox = IsSandbox(arguments), KeyFile = arguments.GetValue(_licenseKeyFile), Log = new ClientLog(Output) };

    /// <summary>Opens the connection that the arguments select.</summary>
    protected Task<ServiceConnection> ConnectAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ServiceConnection.OpenAsync(ReadConnection(arguments), cancellationToken);

    /// <summary>Opens a connection unless the license key is missing, for commands that also work without one.</summary>
    protected async Task<ServiceConnection?> TryConnectAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        ReadConnection(arguments) is var connection && (connection.IsSandbox || LicenseKey.Find(connection) is not null)
            ? await ServiceConnection.OpenAsync(connection, cancellationToken)
            : null;
}
