using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

/// <summary>A command that talks to the service: it gets a connection, and its failures become messages and exit codes.</summary>
internal abstract class ServiceCommand<TSettings>(Output output) : AsyncCommand<TSettings>
    where TSettings : ServiceSettings
{
    protected Output Output { get; } = output;

    public override async Task<int> ExecuteAsync(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        Output.IsJson = settings.Json;
        await using var connection = await ServiceConnection.OpenAsync(settings.Sandbox, settings.LicenseKeyFile, cancellationToken);
        return await RunAsync(connection, settings, cancellationToken);
    }

    protected abstract Task<int> RunAsync(ServiceConnection connection, TSettings settings, CancellationToken cancellationToken);
}
