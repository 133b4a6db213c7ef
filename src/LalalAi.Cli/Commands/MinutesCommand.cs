using System.Globalization;

namespace LalalAi.Cli.Commands;

internal sealed class MinutesCommand(Output output) : ServiceCommand<ServiceSettings>(output)
{
    protected override async Task<int> RunAsync(ILalalAiClient client, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var minutes = await client.GetMinutesLeftAsync(cancellationToken).ConfigureAwait(false);
        Output.Result("minutes", new { minutes_left = minutes }, minutes.ToString("0.##", CultureInfo.InvariantCulture));
        return ExitCode.Success;
    }
}
