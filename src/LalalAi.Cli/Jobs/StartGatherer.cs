using System.Globalization;
using System.Threading.Channels;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// The only place where money is spent. Starts that are wanted at the same time are sent together, each with its key in the journal first; what they came to is in the journal
/// before anybody acts on it.
/// </summary>
internal sealed class StartGatherer : IAsyncDisposable
{
    // As many as the service takes with one request.
    private const int MaximumBatch = 100;

    // How long an interruption waits for the answer to a start that was sent: it is worth money.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly RunContext _run;
    private readonly StartSender _sender;
    private readonly Channel<PendingStart> _pending = Channel.CreateBounded<PendingStart>(MaximumBatch);
    private readonly CancellationToken _interrupt;
    private readonly CancellationTokenSource _givingUp;
    private readonly CancellationTokenRegistration _registration;
    private readonly Task _working;

    public StartGatherer(RunContext run, CancellationToken interrupt)
    {
        _run = run;
        _sender = new StartSender(run);
        _interrupt = interrupt;
        _givingUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, run.TimeProvider);
        _registration = interrupt.Register(() => _givingUp.CancelAfter(Grace));
        _working = Task.Run(WorkAsync, CancellationToken.None);
    }

    /// <summary>Starts a task, or repeats a start that was not answered.</summary>
    public async Task<StartOutcome> StartAsync(PendingStart start)
    {
        await _pending.Writer.WriteAsync(start, _interrupt);
        return await start.Outcome.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _pending.Writer.Complete();
        await _working;
        await _registration.DisposeAsync();
        _givingUp.Dispose();
    }

    private async Task WorkAsync()
    {
        while (await _pending.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<PendingStart>();
            while (batch.Count < MaximumBatch && _pending.Reader.TryRead(out var start))
            {
                batch.Add(start);
            }

            try
            {
                await StartAsync(batch);
            }
            catch (Exception exception)
            {
                batch.ForEach(start => start.Outcome.TrySetException(exception));
            }
        }
    }

    private async Task StartAsync(List<PendingStart> batch)
    {
        if (_interrupt.IsCancellationRequested)
        {
            batch.ForEach(start => start.Outcome.TrySetCanceled(_interrupt));
            return;
        }

        var wanted = Admit(batch);
        _run.Journal.AppendDurably(wanted.Where(start => start.Key is null).Select(start => new StartingEntry(start.Job.Number, Guid.NewGuid(), start.SourceId, start.Minutes, _run.Now)));
        await _sender.SendAsync(wanted, Settle, _givingUp.Token);
    }

    private void Settle(IReadOnlyList<StartReport> results)
    {
        _run.Journal.AppendDurably(results.Select(result => result.Entry).OfType<JournalEntry>());
        foreach (var (start, outcome, _) in results)
        {
            start.Outcome.TrySetResult(outcome);
        }
    }

    /// <summary>Returns the starts that may be sent. One that was sent before always may: it is paid for once at most.</summary>
    private List<PendingStart> Admit(List<PendingStart> batch)
    {
        var admitted = new List<PendingStart>();
        var spent = _run.Journal.Query(index => index.MinutesSpent(_run.Service));
        foreach (var start in batch)
        {
            if (start.Key is null)
            {
                CheckCap(spent, start.Minutes);
                if (_run.Report.Tally.Stop is { } reason)
                {
                    start.Outcome.TrySetResult(new StartRefused(reason, MayBeTheSource: false));
                    continue;
                }

                spent += start.Minutes;
            }

            admitted.Add(start);
        }

        return admitted;
    }

    private void CheckCap(double spent, double minutes)
    {
        if (_run.Options.MaxMinutes is { } cap && spent + minutes > cap)
        {
            _run.Report.Tally.StopStarting(Failure.OverCap(string.Create(
                CultureInfo.InvariantCulture,
                $"The cap of --max-minutes {cap:0.##} is reached: {spent:0.##} minutes are spent into this output folder, and the next file costs about {minutes:0.##}. Raise the cap to go on.")));
        }
    }
}
