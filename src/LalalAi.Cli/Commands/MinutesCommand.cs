using System.Globalization;
using LalalAi.Cli.Display;

namespace LalalAi.Cli.Commands;

internal sealed class MinutesCommand(Output output) : ServiceCommand<ServiceSettings>(output)
{
    protected override async Task<int> RunAsync(ServiceConnection connection, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var minutes = await connection.Client.GetMinutesLeftAsync(cancellationToken);
        Output.Result("minutes", new { minutes_left = minutes }, minutes?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown");
        return ExitCode.Success;
    }
}
