using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// What a run reports: events for programs, notes and a summary for people, and the exit code. Disposing it writes the summary.
/// </summary>
internal sealed class RunReport(Output output, ServiceConnection connection, JobJournal journal, double? balance) : IAsyncDisposable
{
    // The results of so few files are still to be seen.
    private const int VisibleFiles = 5;

    // More would scroll the summary away. Each was reported when it happened.
    private const int ListedFailures = 20;

    private static readonly TimeSpan BalanceTimeout = TimeSpan.FromSeconds(10);

    private readonly double? _spentBefore = MinutesSpent(connection, journal);
    private readonly long _beganAt = TimeProvider.System.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<(string Path, Failure Failure)> _failures = [];
    private int _total;
    private int _done;
    private int _doneBefore;
    private int _duplicates;
    private int _tracks;
    private int _tracksBefore;
    private int _canceled;
    private bool _hasBegun;
    private bool _isInterrupted;

    public IRunDisplay Display { get; } = output.OpenDisplay();

    /// <summary>How many tasks are in progress at the end of the run: they are paid for, and the next run downloads their tracks.</summary>
    public int InProgress { private get; set; }

    /// <summary>Whether all files were processed, skipped, failed or canceled.</summary>
    public bool IsComplete => NotDone == 0;

    private int NotDone => Math.Max(0, _total - _done - _doneBefore - _duplicates - _failures.Count - _canceled);

    /// <summary>Why nothing more is started, or <see langword="null"/>.</summary>
    public Failure? Stop { get; private set; }

    public int ExitCode =>
        _isInterrupted
            ? Failures.ExitCode.Interrupted
            : Stop?.ExitCode ?? _failures.Select(entry => entry.Failure.ExitCode).DefaultIfEmpty().Max();

    /// <param name="files">The number of files.</param>
    /// <param name="bytes">Their size.</param>
    /// <param name="inProgress">How many tasks of an earlier run are in progress.</param>
    /// <param name="leftOut">What was ignored, in words.</param>
    /// <param name="note">What else there is to know beforehand.</param>
    public void Begin(int files, long bytes, int inProgress, string? leftOut, string? note)
    {
        _hasBegun = true;
        Expect(files, bytes);
        output.Event(
            "began",
            new { files, in_progress = inProgress, minutes_left = balance, ignored = leftOut, is_sandbox = connection.IsTemporary });
        if (connection.IsTemporary)
        {
            output.Say("SANDBOX: test tracks, not real stems.");
        }

        output.Say(
            $"{CellText.Count(files, "file")}, {CellText.Minutes(balance)} minutes "
                + $"left.{(inProgress > 0 ? $" {inProgress} of an earlier run are in progress and come first." : string.Empty)}");
        foreach (var text in new[] { leftOut, note }.OfType<string>())
        {
            output.Say(text);
        }
    }

    public void Say(string message) => output.Say(message);

    public void Relay(string line) => output.Relay(line);

    public void Complain(string message) => output.Complain(message);

    /// <summary>Adds files to the total.</summary>
    public void Expect(int files, long bytes)
    {
        _total += files;
        Display.Expect(files, bytes);
    }

    public void Uploaded(string path, SourceFile source) =>
        output.Event(
            "uploaded",
            new { file = path, source_id = source.Id.Value, minutes = source.Duration?.TotalMinutes, expires_at = source.ExpiresAt });

    public void Started(string path, JobRecord job) =>
        output.Event(
            "started", new { file = path, task_id = job.TaskId, source_id = job.Start!.Source.Id.Value, minutes = job.Start.Minutes });

    public void Downloaded(string path, JobRecord job, TrackEntry track, string trackPath)
    {
        Interlocked.Increment(ref _tracks);
        output.Event(
            "downloaded",
            new { file = path, task_id = job.TaskId, label = track.Label, path = trackPath, size = track.Size, sha256 = track.Sha256 });
    }

    /// <summary>All tracks of a file are on disk. Some may have been there before.</summary>
    public void Finished(string path, JournaledJob job, int downloaded)
    {
        Interlocked.Increment(ref _done);
        ListTracks(job, downloaded);
        var labels = job.Record.Files.Select(track => track.Label).ToList();
        output.Event("finished", new { file = path, folder = job.Folder, labels });
        output.Note(
            Mark.Done, $"{Path.GetFileName(path)}: {string.Join(", ", labels.Select(TrackNames.Of))} in {CellText.ShortPath(job.Folder)}");
    }

    /// <summary>All tracks of a file were on disk before.</summary>
    public void AlreadyDone(string path, JournaledJob job)
    {
        Interlocked.Increment(ref _doneBefore);
        ListTracks(job, downloaded: 0);
        Skip(path, $"done before, in {CellText.ShortPath(job.Folder)}", job.Paths);
    }

    /// <summary>A file has the same content as another one.</summary>
    public void Duplicate(string path, string other)
    {
        Interlocked.Increment(ref _duplicates);
        Skip(path, $"the same content as {CellText.ShortPath(other)}", tracks: null);
    }

    /// <summary>Reports the failure of a file, unless all others would fail for the same reason: then nothing more is started.</summary>
    public void Failed(string path, Failure failure)
    {
        lock (_lock)
        {
            if (failure.EndsTheRun)
            {
                // Reported once, at the end.
                Stop ??= failure;
                return;
            }

            _failures.Add((path, failure));
        }

        output.Event("file_failed", new { file = path, message = failure.Message, code = failure.Code, exit_code = failure.ExitCode });
        output.Note(Mark.Failed, $"{CellText.ShortPath(path)}: {failure.Message}");
    }

    public void Deleted(string path, SourceId sourceId) => output.Event("deleted", new { file = path, source_id = sourceId.Value });

    public void Canceled(IReadOnlyCollection<TaskId> tasks, int running)
    {
        _canceled = tasks.Count;
        foreach (var task in tasks)
        {
            output.Event("canceled", new { task_id = task.Value, status = "canceled", message = (string?)null });
        }

        output.Say($"Canceled {tasks.Count} of {running} tasks.");
    }

    public void Interrupt() => _isInterrupted = true;

    public async ValueTask DisposeAsync()
    {
        await output.CloseDisplayAsync();
        if (!_hasBegun)
        {
            return;
        }

        var left = await BalanceAsync();
        var inProgress = Math.Min(NotDone, InProgress);
        var notStarted = NotDone - inProgress;
        output.Event(
            "summary",
            new
            {
                done = _done,
                skipped = _doneBefore + _duplicates,
                failed = _failures.Count,
                in_progress = inProgress,
                canceled = _canceled,
                not_started = notStarted,
                tracks = _tracks,
                minutes_before = balance,
                minutes_after = left,
                message = Stop?.Message,
                exit_code = ExitCode,
            });
        ListFailures();
        var spent = MinutesSpent(connection, journal) - _spentBefore;
        output.Table(
            ("Files", Count(
                (_done, "done"),
                (_doneBefore, "done before"),
                (_duplicates, "duplicate"),
                (_failures.Count, "failed"),
                (inProgress, "in progress"),
                (_canceled, "canceled"),
                (notStarted, "not started"))),
            ("Tracks", Count((_tracks, "downloaded"), (_tracksBefore, "on disk before"))
                + (connection.IsTemporary ? "; test tracks from the sandbox, not real stems" : string.Empty)),
            ("Minutes", (spent is null ? string.Empty : $"{CellText.Minutes(spent)} spent, ")
                + $"{CellText.Minutes(left)} left"),
            ("Time", CellText.Time(TimeProvider.System.GetElapsedTime(_beganAt))),
            ("Folder", CellText.ShortPath(journal.Directory)));
        Advise(inProgress);
    }

    /// <summary>What was spent on the folder. The balance does not show it: other programs use the license key as well.</summary>
    private static double? MinutesSpent(ServiceConnection connection, JobJournal journal) =>
        journal.Query(index => index.MinutesSpent(connection.Service));

    private void ListFailures()
    {
        if (_failures.Count == 0 || _total <= VisibleFiles)
        {
            return;
        }

        var listed = _failures
            .Take(ListedFailures)
            .Select(entry => $"\n  {CellText.Printable(CellText.ShortPath(entry.Path))}: {entry.Failure.Message}");
        output.Say($"Failed:{string.Concat(listed)}");
        if (_failures.Count > ListedFailures)
        {
            output.Say($"  and {_failures.Count - ListedFailures} more");
        }
    }

    /// <summary>What helps depends on what happened.</summary>
    private void Advise(int inProgress)
    {
        if (Stop is { } stop)
        {
            output.Complain(stop.Message);
        }

        var next = _failures.Select(entry => entry.Failure.Next).ToHashSet();
        if (next.Contains(NextAction.Retry))
        {
            output.Say(
                $"To retry, run the same command again, or `lalalai resume {CellText.ShortPath(journal.Directory)}`. "
                    + "Nothing is paid for twice.");
        }

        if (next.Contains(NextAction.RestartLost))
        {
            output.Say(connection.IsTemporary
                ? "The same command starts failed tasks again, in a new sandbox. On the service, that needs --restart-lost and is paid for."
                : "Tasks that failed, were canceled or were lost are not started again by themselves. "
                    + "To start them again and pay for them again, add --restart-lost to the same command.");
        }

        if (_isInterrupted && connection.IsTemporary)
        {
            output.Say("The sandbox has ended, and its tasks with it. The same command processes what is left in a new sandbox.");
        }
        else if (_isInterrupted)
        {
            string?[] advice =
            [
                inProgress > 0 ? $"{CellText.Count(inProgress, "task")} of this run keep running and are paid for." : null,
                _canceled > 0 ? "Canceled tasks are started again only with --restart-lost." : null,
                IsComplete ? null : "The same command resumes the run, and pays for nothing twice.",
            ];
            output.Say(string.Join(' ', advice.OfType<string>()));
        }
    }

    private void ListTracks(JournaledJob job, int downloaded)
    {
        Interlocked.Add(ref _tracksBefore, job.Paths.Count - downloaded);
        foreach (var path in job.Paths)
        {
            output.Text(path, isForPrograms: true);
        }
    }

    private void Skip(string path, string reason, IReadOnlyList<string>? tracks)
    {
        output.Event("skipped", new { file = path, reason, tracks });
        output.Note(Mark.Skipped, $"{Path.GetFileName(path)}: {reason}");
    }

    /// <summary>Lists what there is; the first if there is nothing.</summary>
    private static string Count(params (int Count, string What)[] parts) =>
        string.Join(", ", parts.Where((part, index) => part.Count > 0 || (index == 0 && parts.All(other => other.Count == 0)))
            .Select(part => $"{part.Count} {part.What}"));

    /// <summary>The balance is worth asking for, also after an interruption, but no reason to fail.</summary>
    private async Task<double?> BalanceAsync()
    {
        using var timeout = TimeProvider.System.CreateCancellationTokenSource(BalanceTimeout);
        try
        {
            return await connection.Client.GetMinutesLeftAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
