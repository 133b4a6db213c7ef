using System.ComponentModel;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

/// <summary>The options of every command that talks to the service.</summary>
internal class ServiceSettings : CommandSettings
{
    [CommandOption("--sandbox")]
    [Description("Use a sandbox on this machine, which lives as long as the command: no account, no cost.")]
    public bool Sandbox { get; init; }

    [CommandOption("--json")]
    [Description("Write results to standard output as JSON, one event a line.")]
    public bool Json { get; init; }
}

/// <summary>A command that talks to the service: it gets a client, and its failures become messages and exit codes.</summary>
internal abstract class ServiceCommand<TSettings>(Output output) : AsyncCommand<TSettings>
    where TSettings : ServiceSettings
{
    protected Output Output { get; } = output;

    public override async Task<int> ExecuteAsync(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        Output.IsJson = settings.Json;
        await using var connection = await ServiceConnection.OpenAsync(settings.Sandbox, cancellationToken).ConfigureAwait(false);
        return await RunAsync(connection.Client, settings, cancellationToken).ConfigureAwait(false);
    }

    protected abstract Task<int> RunAsync(ILalalAiClient client, TSettings settings, CancellationToken cancellationToken);
}
