using LalalAi.AI.Files;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// One recording on its way to tracks. The client runs the job; this host writes its checkpoints to the journal, reserves minutes and disk
/// space, and limits how many files are in one phase.
/// </summary>
internal sealed class FileJob(JobRun run, InputFile input, JobRecord record, IFileDisplay view) : ProcessHost, IProgress<ProcessProgress>
{
    private const string LostMessage =
        "Its task was started, but the response with the task ID was lost, so its tracks cannot be downloaded here. "
            + "They may be in your account on the service's website.";

    private readonly JournaledJob _job = new(run.Journal, record);
    private JobCheckpoint _saved = null!;
    private JobCheckpoint _latest = null!;
    private Func<string?>? _sentHash;
    private bool _isOtherContent;
    private int _downloaded;

    /// <summary>Runs the job to its end, from wherever an earlier run left it, and reports the result.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var shown = view;
        try
        {
            var intact = await IntactTracksAsync(cancellationToken);
            var isDone = record.IsDone && intact.Count == record.Files.Count;
            if (isDone)
            {
                run.Report.AlreadyDone(input.Path, _job);
            }
            else
            {
                await ProcessAsync(intact, cancellationToken);
                run.Report.Finished(input.Path, _job, _downloaded);
            }

            if (run.Request.Options.Delete)
            {
                await DeleteSourceAsync(cancellationToken);
            }

            if (!isDone && run.Request.Options.Exec is { } program)
            {
                await program.RunAsync(input.Path, _job.Folder, _job.Paths, run.Report.Relay, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The journal contains how far it got.
        }
        catch (Exception exception)
        {
            run.Report.Failed(input.Path, Failure.Of(exception));
        }
    }

    public override async Task<IDisposable?> EnterPhaseAsync(
        ProcessPhase phase,
        JobCheckpoint checkpoint,
        CancellationToken cancellationToken)
    {
        switch (phase)
        {
            case ProcessPhase.Uploading:
                view.Enter(Phase.Waiting);
                var upload = await run.Uploads.EnterAsync(cancellationToken);
                Reserve(MediaDuration.TryReadMinutes(input.Path), isFinal: false, upload);
                return upload;
            case ProcessPhase.Starting:
                CheckContent();
                view.Enter(Phase.Starting);
                var start = await run.Starts.EnterAsync(cancellationToken);
                // A start that was sent before is paid for at most once.
                if (checkpoint.IdempotencyKey is null)
                {
                    Reserve(checkpoint.Source!.Duration?.TotalMinutes, isFinal: true, start);
                }

                return start;
            case ProcessPhase.Processing:
                view.Enter(Phase.Queued);
                return null;
            case ProcessPhase.Downloading:
                view.Enter(Phase.Waiting);
                return await run.Downloads.EnterAsync(cancellationToken);
            default:
                return null;
        }
    }

    public override Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        _latest = checkpoint;
        try
        {
            Save(checkpoint);
        }
        catch (IOException exception) when (checkpoint == _saved with { TaskId = checkpoint.TaskId })
        {
            // The task is paid for and in progress. The next checkpoint contains its ID, too.
            run.Report.Complain($"{input.Name}: {DescribeUnsavedTask()} {exception.Message}");
        }

        return Task.CompletedTask;
    }

    private void Save(JobCheckpoint checkpoint)
    {
        var paid = record.Start?.Minutes;
        string? sent = null;
        if (checkpoint.Source is { } source && source != _saved.Source)
        {
            // The file may have been replaced since it was read.
            sent = _sentHash?.Invoke();
            _isOtherContent = sent != record.Sha256;
            run.Report.Uploaded(input.Path, source);
        }

        foreach (var entry in _job.Append(_saved, checkpoint, sent))
        {
            switch (entry)
            {
                case StartingEntry { Minutes: var minutes }:
                    run.Budget.Spend(record.Number, minutes);
                    view.Minutes = minutes;
                    break;
                case RefusedEntry:
                    run.Budget.Refund(paid);
                    break;
                case StartedEntry:
                    run.Report.Started(input.Path, record);
                    break;
                case TrackEntry track:
                    _downloaded++;
                    run.Report.Downloaded(input.Path, record, track, _job.FullPath(track));
                    break;
            }
        }

        _saved = checkpoint;
    }

    public override DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) =>
        _job.GetDownloadOptions(task, index);

    public void Report(ProcessProgress value)
    {
        Phase? phase = value switch
        {
            { Phase: ProcessPhase.Uploading } => Phase.Uploading,
            { Phase: ProcessPhase.Processing, State: TaskInProgress { IsQueued: false } } => Phase.Processing,
            { Phase: ProcessPhase.Downloading } => Phase.Downloading,
            _ => null,
        };
        if (phase is { } visible)
        {
            view.Enter(visible);
            view.Report(value.Fraction, value.Transfer);
        }
    }

    private async Task ProcessAsync(IReadOnlyList<JobTrack> intact, CancellationToken cancellationToken)
    {
        var (folder, output) = (RealPath.Resolve(_job.Folder), RealPath.Resolve(run.Journal.Directory));
        if (folder != output && !RealPath.IsBelow(folder, output))
        {
            throw new JobException(new Failure(
                ExitCode.Usage,
                $"Its folder for tracks, {_job.Folder}, is a link out of the output folder. Nothing was started. Remove the link."));
        }

        var old = _job.Read(run.Client.BaseAddress) with { Tracks = intact, IsDone = false };
        var source = run.Journal.Query(index => index.FindSource(run.Service, record.Sha256));
        var restarted = old with { Source = source, IdempotencyKey = null, TaskId = null };
        if (record.IsGone && !run.Request.Options.RestartLost)
        {
            throw Gone(record.EndReason ?? LostMessage, record.EndCode);
        }

        var isOld = record.Start is not null && !record.IsGone;
        view.Minutes = isOld ? record.Start!.Minutes : null;
        try
        {
            await ProcessAsync(record.IsGone ? restarted : old, cancellationToken);
        }
        catch (JobException exception) when (exception.Failure.Next == NextAction.RestartLost && isOld && run.Request.Options.RestartLost)
        {
            await ProcessAsync(restarted, cancellationToken);
        }
    }

    private async Task ProcessAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        _saved = _latest = checkpoint;
        try
        {
            var start = new StartOptions { ValidatePresets = run.Request.ValidatePresets };
            var options = new ProcessOptions { ResumeFrom = checkpoint, Host = this, Start = start };
            var result = await run.Client.ProcessAsync(
                OpenAsync, input.Name, checkpoint.Presets, _job.Folder, options, this, cancellationToken);
            if (result.Tracks.Select(track => track.Error).FirstOrDefault(error => error is not null) is { } error)
            {
                throw new JobException(Failure.Of(error));
            }
        }
        catch (LalalAiTaskException exception)
        {
            var error = (exception.State as TaskFailed)?.Error;
            var reason = error is null ? exception.Message : $"The service could not process it: {error.Detail.TrimEnd('.')}.";
            if (exception.State is TaskFailed or TaskCanceled)
            {
                run.Journal.Append(new EndedEntry(record.Number, reason, error?.Code));
            }

            throw Gone(reason, error?.Code);
        }
        catch (LalalAiException exception)
            when (exception is LalalAiIdempotencyKeyUsedException or LalalAiAmbiguousStartException { IsProbablyRunning: true })
        {
            run.Journal.Append(new LostEntry(record.Number));
            throw Gone(LostMessage);
        }
        catch (LalalAiApiException exception)
            when (checkpoint.IdempotencyKey is not null && _saved.TaskId is null
                && exception is { StatusCode: 400 or 404, Code: null, Detail: not null })
        {
            // The upload has expired, so the start cannot be retried with its key.
            throw Gone($"{Failure.Describe(exception)} It is not known whether an earlier run started its task.");
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException && _saved is { IdempotencyKey: not null, TaskId: null })
        {
            var start = _latest.TaskId is null ? "It is not known yet whether its task was started." : DescribeUnsavedTask();
            throw new JobException(new Failure(
                ExitCode.Failure,
                $"{start} {Failure.Of(exception).Message} Run the same command again: "
                    + "it asks with the same key, which is paid for at most once.",
                NextAction.Retry));
        }
        finally
        {
            SaveTask();
            run.Budget.Release(record.Number);
            RemoveEmptyFolder();
        }
    }

    /// <summary>Writes the ID of the task if that failed before. There may be space again.</summary>
    private void SaveTask()
    {
        try
        {
            if (_latest.TaskId != _saved.TaskId)
            {
                Save(_latest);
            }
        }
        catch (IOException)
        {
            // The failure was reported with the ID.
        }
    }

    private string DescribeUnsavedTask() => $"Its task {_latest.TaskId} was started, but the journal cannot be written to.";

    private Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var content = new HashingStream(ContentHash.OpenRead(input.Path));
        _sentHash = () => content.Sha256;
        return Task.FromResult<Stream>(content);
    }

    /// <summary>Reserves minutes and disk space for a recording of this many minutes, or leaves the phase that was entered.</summary>
    private void Reserve(double? length, bool isFinal, IDisposable phase)
    {
        try
        {
            if (run.Report.Stop is { } reason && !run.Budget.HasReserved(record.Number))
            {
                throw new JobException(reason);
            }

            run.Budget.Reserve(record.Number, length * run.Request.Stems, isFinal, run.Request.BytesOf(input.Size, length));
        }
        catch
        {
            phase.Dispose();
            throw;
        }
    }

    private void CheckContent()
    {
        if (_isOtherContent)
        {
            throw new JobException(new Failure(
                ExitCode.Failure,
                "The file was changed while it was being processed. Nothing was started. "
                    + "Run the same command again to process what it contains now.",
                NextAction.Retry));
        }
    }

    /// <summary>The tracks that are on disk as they were downloaded.</summary>
    private async Task<List<JobTrack>> IntactTracksAsync(CancellationToken cancellationToken)
    {
        var intact = new List<JobTrack>();
        foreach (var track in record.Files)
        {
            var file = new FileInfo(_job.FullPath(track));
            if (file.Exists
                && file.Length == track.Size
                && ((file.LastWriteTimeUtc == track.ModifiedAt.UtcDateTime && !run.Request.Options.Checksum)
                    || await ContentHash.ComputeAsync(file.FullName, cancellationToken: cancellationToken) == track.Sha256))
            {
                intact.Add(new JobTrack(track.Index, track.Label, file.FullName, track.Size));
            }
        }

        return intact;
    }

    /// <summary>Deletes the source, unless another job still needs it.</summary>
    private async Task DeleteSourceAsync(CancellationToken cancellationToken)
    {
        var (source, isNeeded) = run.Journal.Query(index => (
            index.FindSource(run.Service, record.Sha256),
            index.JobsOf(record.Sha256).Any(other => other != record && other.IsInProgress)));
        if (source is not null && !isNeeded)
        {
            await run.Client.DeleteSourceAsync(source.Id, cancellationToken);
            run.Journal.Append(new DeletedEntry(source.Id.Value));
            run.Report.Deleted(input.Path, source.Id);
        }
    }

    private void RemoveEmptyFolder()
    {
        var folder = _job.Folder;
        if (folder != run.Journal.Directory && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static JobException Gone(string reason, string? code = null) =>
        new(new Failure(ExitCode.Failure, reason, NextAction.RestartLost) { Code = code });
}
