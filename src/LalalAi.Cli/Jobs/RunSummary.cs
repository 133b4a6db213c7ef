using System.Globalization;
using LalalAi.Cli.Display;

namespace LalalAi.Cli.Jobs;

/// <summary>What is said before a run and after it: how much there was to do, what came of it, and what it cost.</summary>
internal sealed class RunSummary(ILalalAiClient client, Output output, double? minutesBefore)
{
    private static readonly TimeSpan BalanceTime = TimeSpan.FromSeconds(10);

    private readonly long _began = TimeProvider.System.GetTimestamp();

    public void Begin(int files, int underWay)
    {
        output.Event("began", new { files, under_way = underWay, minutes_left = minutesBefore });
        output.Say($"{Count(files, "file")}, {Minutes(minutesBefore)} minutes left.{(underWay > 0 ? $" An earlier run into this folder has {underWay} under way; they go first." : string.Empty)}");
    }

    public async Task EndAsync(RunTally tally, int total, string directory, CancellationToken cancellationToken)
    {
        var after = await BalanceAsync();
        var notBegun = Math.Max(0, total - tally.Ended);
        var isInterrupted = cancellationToken.IsCancellationRequested;
        output.Event(
            "summary",
            new
            {
                done = tally.Done,
                skipped = tally.Skipped,
                failed = tally.Failed,
                not_done = notBegun,
                tracks = tally.Tracks,
                minutes_before = minutesBefore,
                minutes_after = after,
                message = tally.Stop?.Message,
                exit_code = isInterrupted ? ExitCode.Interrupted : tally.ExitCode,
            });
        output.Table(
            ("Files", string.Join(", ", Parts(tally, notBegun))),
            ("Tracks", tally.Tracks.ToString(CultureInfo.InvariantCulture)),
            ("Minutes", after is { } left ? $"{Minutes(minutesBefore)} before, {Minutes(left)} after" : $"{Minutes(minutesBefore)} before"),
            ("Time", CellText.Time(TimeProvider.System.GetElapsedTime(_began))),
            ("Folder", CellText.ShortPath(directory)));
        if (tally.Stop is { } stop)
        {
            output.Complain(stop.Message);
        }
        else if (!isInterrupted && tally.Failed > 0)
        {
            output.Say($"The same command again, or `lalalai resume {CellText.ShortPath(directory)}`, goes on with what is left. Nothing is paid for twice.");
        }
    }

    private static IEnumerable<string> Parts(RunTally tally, int notBegun)
    {
        yield return $"{tally.Done} done";
        foreach (var (count, what) in new[] { (tally.Skipped, "skipped"), (tally.Failed, "failed"), (notBegun, "not done") })
        {
            if (count > 0)
            {
                yield return $"{count} {what}";
            }
        }
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? string.Empty : "s")}";

    private static string Minutes(double? minutes) => minutes?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>The balance is worth asking for, also after an interruption, but no reason to fail.</summary>
    private async Task<double?> BalanceAsync()
    {
        using var limit = new CancellationTokenSource(BalanceTime, TimeProvider.System);
        try
        {
            return await client.GetMinutesLeftAsync(limit.Token);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
