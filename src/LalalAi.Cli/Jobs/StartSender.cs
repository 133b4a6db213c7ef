using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>A start, what came of it, and what the journal has to say about that.</summary>
internal sealed record StartReport(PendingStart Start, StartOutcome Outcome, JournalEntry? Entry);

/// <summary>
/// Sends starts: with one request where the kind and the plan have batches, and one by one otherwise. What a batch does not answer clearly is asked again alone, with the same key, which
/// is safe and says more.
/// </summary>
internal sealed class StartSender(RunContext run)
{
    private const int ParallelSingles = 4;

    private bool _hasBatches = run.Recipe.HasBatches;
    private Failure? _end;

    /// <summary>Sends starts whose keys are in the journal, and tells the results as they come.</summary>
    public async Task SendAsync(IReadOnlyList<PendingStart> starts, Action<IReadOnlyList<StartReport>> settle, CancellationToken cancellationToken)
    {
        var singles = starts;
        if (_hasBatches && starts.Count > 1)
        {
            var (results, unclear) = await SendBatchAsync(starts, cancellationToken);
            settle(results);
            singles = unclear;
        }

        await Parallel.ForEachAsync(
            singles,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSingles, CancellationToken = cancellationToken },
            async (start, token) => settle([await SendSingleAsync(start, token)]));
    }

    private static Guid KeyOf(PendingStart start) => start.Job.Start!.Key;

    private static SourceId SourceOf(PendingStart start) => new(start.Job.Start!.SourceId);

    private async Task<(List<StartReport> Results, List<PendingStart> Unclear)> SendBatchAsync(IReadOnlyList<PendingStart> starts, CancellationToken cancellationToken)
    {
        IReadOnlyList<StartResult> answers;
        try
        {
            answers = await run.Recipe.StartManyAsync(run.Client, starts.Select(start => (SourceOf(start), KeyOf(start))), cancellationToken);
        }
        catch (LalalAiAuthenticationException exception)
        {
            return ([.. starts.Select(start => Refuse(start, exception))], []);
        }
        catch (LalalAiApiException)
        {
            return ([], [.. starts]);
        }

        var results = new List<StartReport>();
        var unclear = new List<PendingStart>();
        foreach (var (start, answer) in starts.Zip(answers))
        {
            switch (answer)
            {
                case StartSucceeded started:
                    results.Add(Succeed(start, started.TaskId));
                    break;
                case StartFailed { Code: var code } failed when code == StartErrorCode.ExceededDuration:
                    results.Add(Refuse(start, Failure.NoMinutes($"There are not enough minutes left. The service says: {failed.Error}"), mayBeTheSource: false));
                    break;
                default:
                    _hasBatches &= answer is not StartFailed { Code: var none } || none != StartErrorCode.BatchNotAvaliable;
                    unclear.Add(start);
                    break;
            }
        }

        return (results, unclear);
    }

    private async Task<StartReport> SendSingleAsync(PendingStart start, CancellationToken cancellationToken)
    {
        if (start.Key is null && _end is { } reason)
        {
            return Refuse(start, reason, mayBeTheSource: false);
        }

        try
        {
            return Succeed(start, await run.Recipe.StartAsync(run.Client, SourceOf(start), KeyOf(start), cancellationToken));
        }
        catch (LalalAiIdempotencyKeyUsedException)
        {
            return new StartReport(start, new StartLost(), new LostEntry(start.Job.Number));
        }
        catch (LalalAiAmbiguousStartException exception)
        {
            return exception.IsProbablyRunning
                ? new StartReport(start, new StartLost(), new LostEntry(start.Job.Number))
                : new StartReport(start, Unanswered(exception.Message), null);
        }
        catch (LalalAiApiException exception)
        {
            return Refuse(start, exception);
        }
    }

    private StartReport Succeed(PendingStart start, TaskId task) => new(start, new StartAccepted(), new StartedEntry(start.Job.Number, task.Value, run.Now));

    private StartReport Refuse(PendingStart start, LalalAiApiException exception) =>
        Refuse(start, Failure.Of(exception), mayBeTheSource: exception is { Code: null, StatusCode: 400 or 404 });

    private StartReport Refuse(PendingStart start, Failure failure, bool mayBeTheSource)
    {
        if (failure.EndsTheRun)
        {
            _end ??= failure;
            run.Report.Tally.StopStarting(failure);
        }

        // A repetition that is refused says nothing of the attempt before it, which may have been paid for.
        return start.Key is null
            ? new StartReport(start, new StartRefused(failure, mayBeTheSource), new RefusedEntry(start.Job.Number, failure.Message))
            : new StartReport(start, Unanswered(failure.Message), null);
    }

    private static StartUnanswered Unanswered(string why) => new(new Failure(
        ExitCode.Failure,
        $"Whether its task was started is not known yet. {why} Run the same command again: it asks with the same key, which is paid for once at most. --restart-lost starts it anew, and may pay twice."));
}
