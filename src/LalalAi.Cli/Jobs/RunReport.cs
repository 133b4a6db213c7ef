using System.Globalization;
using LalalAi.Cli.Display;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What a run reports: events for programs, notes and a summary for people, and the exit code. Disposing it writes the summary.</summary>
internal sealed class RunReport : IAsyncDisposable
{
    // More would scroll the summary away. Each was reported when it happened.
    private const int ListedFailures = 20;

    private static readonly TimeSpan BalanceTimeout = TimeSpan.FromSeconds(10);

    private readonly Output _output;
    private readonly ServiceConnection _connection;
    private readonly string _directory;
    private readonly double? _balance;
    private readonly long _beganAt = TimeProvider.System.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<(string Path, Failure Failure)> _failures = [];
    private int _total;
    private int _inProgress;
    private int _done;
    private int _skipped;
    private int _tracks;
    private int _canceled;
    private bool _hasBegun;
    private bool _isInterrupted;

    public RunReport(Output output, ServiceConnection connection, string directory, double? balance)
    {
        _output = output;
        _connection = connection;
        _directory = directory;
        _balance = balance;
        Display = output.OpenDisplay();
    }

    public IRunDisplay Display { get; }

    /// <summary>Why nothing more is started, or <see langword="null"/>.</summary>
    public Failure? Stop { get; private set; }

    public int ExitCode => _isInterrupted ? Cli.ExitCode.Interrupted : Stop?.ExitCode ?? _failures.Select(entry => entry.Failure.ExitCode).DefaultIfEmpty().Max();

    public void Begin(int files, int inProgress, string? leftOut)
    {
        _hasBegun = true;
        _total = files;
        Display.Total = files;
        _output.Event("began", new { files, in_progress = inProgress, minutes_left = _balance, ignored = leftOut, is_sandbox = _connection.IsTemporary });
        if (_connection.IsTemporary)
        {
            Say("SANDBOX: test tracks, not real stems.");
        }

        Say($"{Count(files, "file")}, {Minutes(_balance)} minutes left.{(inProgress > 0 ? $" {inProgress} of an earlier run are in progress and come first." : string.Empty)}");
        if (leftOut is not null)
        {
            Say(leftOut);
        }
    }

    public void Uploaded(string path, SourceFile source) =>
        _output.Event("uploaded", new { file = path, source_id = source.Id.Value, minutes = source.Duration?.TotalMinutes, expires_at = source.ExpiresAt });

    public void Started(string path, JobRecord job)
    {
        Interlocked.Increment(ref _inProgress);
        _output.Event("started", new { file = path, task_id = job.TaskId, source_id = job.Start!.Source.Id.Value, minutes = job.Start.Minutes });
    }

    public void Downloaded(string path, JobRecord job, TrackEntry track, string trackPath)
    {
        Interlocked.Increment(ref _tracks);
        _output.Result(
            "downloaded", new { file = path, task_id = job.TaskId, label = track.Label, path = trackPath, size = track.Size, sha256 = track.Sha256 }, trackPath, isForPrograms: true);
    }

    public void Finished(string path, string folder, IReadOnlyList<string> labels)
    {
        Interlocked.Increment(ref _done);
        _output.Event("finished", new { file = path, folder, labels });
        Display.Note(Mark.Done, $"{Path.GetFileName(path)}: {string.Join(", ", labels.Select(TrackNames.Of))} in {CellText.ShortPath(folder)}");
    }

    /// <summary>The tracks of a file were on disk already.</summary>
    public void AlreadyDone(string path, string folder, IReadOnlyList<string> tracks)
    {
        Skipped(path, $"done before, in {CellText.ShortPath(folder)}", tracks);
        foreach (var track in tracks)
        {
            _output.Text(track, isForPrograms: true);
        }
    }

    /// <summary>A file needed no work.</summary>
    public void Skipped(string path, string reason, IReadOnlyList<string>? tracks = null)
    {
        Interlocked.Increment(ref _skipped);
        _output.Event("skipped", new { file = path, reason, tracks });
        Display.Note(Mark.Skipped, $"{Path.GetFileName(path)}: {reason}");
    }

    public void Failed(string path, Failure failure)
    {
        lock (_lock)
        {
            _failures.Add((path, failure));
        }

        _output.Event("file_failed", new { file = path, message = failure.Message, code = failure.Code, exit_code = failure.ExitCode });
        Display.Note(Mark.Failed, $"{CellText.ShortPath(path)}: {failure.Message}");
    }

    public void Deleted(string path, SourceId sourceId) => _output.Event("deleted", new { file = path, source_id = sourceId.Value });

    public void Canceled(IReadOnlyCollection<TaskId> tasks, int running)
    {
        _canceled = tasks.Count;
        foreach (var task in tasks)
        {
            _output.Event("canceled", new { task_id = task.Value, status = "canceled", message = (string?)null });
        }

        Say($"Canceled {tasks.Count} of {running} tasks.");
    }

    /// <summary>Starts nothing more. The first reason counts.</summary>
    public void StopStarting(Failure reason)
    {
        lock (_lock)
        {
            Stop ??= reason;
        }
    }

    public void Interrupt() => _isInterrupted = true;

    public async ValueTask DisposeAsync()
    {
        await Display.DisposeAsync();
        if (!_hasBegun)
        {
            return;
        }

        var left = await BalanceAsync();
        var notDone = Math.Max(0, _total - _done - _skipped - _failures.Count);
        _output.Event(
            "summary",
            new
            {
                done = _done,
                skipped = _skipped,
                failed = _failures.Count,
                not_done = notDone,
                tracks = _tracks,
                minutes_before = _balance,
                minutes_after = left,
                message = Stop?.Message,
                exit_code = ExitCode,
            });
        ListFailures();
        _output.Table(
            ("Files", string.Join(", ", Parts(notDone))),
            ("Tracks", $"{_tracks}{(_connection.IsTemporary ? " test tracks from the sandbox, not real stems" : string.Empty)}"),
            ("Minutes", $"{(_balance - left is { } spent ? $"{Minutes(spent)} spent, " : string.Empty)}{Minutes(left)} left"),
            ("Time", CellText.Time(TimeProvider.System.GetElapsedTime(_beganAt))),
            ("Folder", CellText.ShortPath(_directory)));
        Advise(notDone);
    }

    private void ListFailures()
    {
        if (_failures.Count == 0)
        {
            return;
        }

        _output.Say($"Failed:{string.Concat(_failures.Take(ListedFailures).Select(entry => $"\n  {CellText.Printable(CellText.ShortPath(entry.Path))}: {entry.Failure.Message}"))}");
        if (_failures.Count > ListedFailures)
        {
            _output.Say($"  and {_failures.Count - ListedFailures} more");
        }
    }

    /// <summary>What helps depends on what happened.</summary>
    private void Advise(int notDone)
    {
        if (Stop is { } stop)
        {
            _output.Complain(stop.Message);
        }

        var next = _failures.Select(entry => entry.Failure.Next).ToHashSet();
        if (next.Contains(NextAction.Retry))
        {
            _output.Say($"To retry, run the same command again, or `lalalai resume {CellText.ShortPath(_directory)}`. Nothing is paid for twice.");
        }

        if (next.Contains(NextAction.RestartLost))
        {
            _output.Say("What failed, was canceled or was lost can only be started again: the same command with --restart-lost. That is paid for again.");
        }

        if (_isInterrupted)
        {
            var running = Math.Max(0, _inProgress - _done - _canceled);
            _output.Say(
                $"{(running > 0 ? $"{Count(running, "task")} of this run keep running and are paid for. " : string.Empty)}"
                + $"{(_canceled > 0 ? "Canceled tasks are started again only with --restart-lost. " : string.Empty)}"
                + $"{(notDone > 0 ? "The same command resumes the run, and pays for nothing twice." : string.Empty)}");
        }
    }

    private IEnumerable<string> Parts(int notDone)
    {
        yield return $"{_done} done";
        foreach (var (count, what) in new[] { (_skipped, "skipped"), (_failures.Count, "failed"), (notDone, "not done") })
        {
            if (count > 0)
            {
                yield return $"{count} {what}";
            }
        }
    }

    private void Say(string text) => Display.Note(Mark.Information, text);

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? string.Empty : "s")}";

    private static string Minutes(double? minutes) => minutes?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>The balance is worth asking for, also after an interruption, but no reason to fail.</summary>
    private async Task<double?> BalanceAsync()
    {
        using var timeout = TimeProvider.System.CreateCancellationTokenSource(BalanceTimeout);
        try
        {
            return await _connection.Client.GetMinutesLeftAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
