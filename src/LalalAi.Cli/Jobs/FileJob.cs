using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// One recording on its way to tracks. The client runs the job; this host writes each of its checkpoints to the journal as the entry that
/// is new in it, reserves minutes and disk space, and limits how many files are in one phase.
/// </summary>
internal sealed class FileJob(JobRun run, InputFile input, JobRecord job, IFileDisplay view) : ProcessHost, IProgress<ProcessProgress>
{
    private const string LostMessage =
        "Its task was started, but the response with the task ID was lost, so its tracks cannot be downloaded here. They may be in your "
            + "account on the service's website.";

    private readonly string _folder = JournalPath.Full(run.Journal.Directory, Path.GetDirectoryName(job.Tracks) ?? string.Empty);
    private readonly string _fileTemplate = Path.GetFileName(JournalPath.Normalize(job.Tracks));
    private JobCheckpoint _saved = null!;
    private Func<string?>? _sentHash;
    private bool _isOtherContent;

    /// <summary>Runs the job to its end, from wherever an earlier run left it.</summary>
    /// <exception cref="JobException">It cannot be finished.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var isNew = false;
        var intact = await IntactTracksAsync(cancellationToken);
        if (job.IsDone && intact.Count == job.Files.Count)
        {
            run.Report.AlreadyDone(input.Path, _folder, [.. intact.Select(track => track.Path)]);
        }
        else
        {
            await ProcessAsync(intact, cancellationToken);
            run.Report.Finished(input.Path, _folder, [.. job.Files.Select(track => track.Label)]);
            isNew = true;
        }

        if (run.Options.Delete)
        {
            await DeleteSourceAsync(cancellationToken);
        }

        if (isNew && run.Options.Exec is { } program)
        {
            await program.RunAsync(
                input.Path,
                _folder,
                [.. job.Files.Select(track => JournalPath.Full(run.Journal.Directory, track.Path))],
                run.Report.Say,
                cancellationToken);
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

    public override async Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var before = _saved;
        if (checkpoint.Source != before.Source)
        {
            SaveSource(before.Source, checkpoint.Source);
        }

        if (checkpoint.IdempotencyKey is { } key && key != before.IdempotencyKey)
        {
            var minutes = checkpoint.Source!.EstimateMinutes(checkpoint.Presets);
            run.Journal.AppendDurably(new StartingEntry(job.Number, key, minutes, checkpoint.Source, TimeProvider.System.GetUtcNow()));
            run.Budget.Spend(job.Number, minutes);
            view.Minutes = minutes;
        }
        else if (checkpoint.IdempotencyKey is null && before.IdempotencyKey is not null)
        {
            run.Budget.Refund(job.Start?.Minutes);
            run.Journal.AppendDurably(new RefusedEntry(job.Number));
        }

        if (checkpoint.TaskId is { } taskId && taskId != before.TaskId)
        {
            run.Journal.AppendDurably(new StartedEntry(job.Number, taskId.Value, TimeProvider.System.GetUtcNow()));
            run.Report.Started(input.Path, job);
        }

        foreach (var track in checkpoint.Tracks.Except(before.Tracks))
        {
            await SaveTrackAsync(track, cancellationToken);
        }

        if (checkpoint.IsDone && !before.IsDone)
        {
            run.Journal.Append(new DoneEntry(job.Number));
        }

        _saved = checkpoint;
    }

    public override DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) => new()
    {
        NameTemplate = _fileTemplate.Replace(
            "{stem}", TrackNames.Of([.. task.Tracks.Select(track => track.Label)], index), StringComparison.Ordinal),
        // A file that the journal does not know was complete just before a run was killed. One that it knows was changed since.
        ExistingFile = job.HasOldTracks || job.Files.Any(track => track.Index == index) ? ExistingFileBehavior.Overwrite
            : IsTrackOfAnotherJob(TrackNames.Of([.. task.Tracks.Select(track => track.Label)], index)) ? ExistingFileBehavior.Rename
            : ExistingFileBehavior.Skip,
    };

    public void Report(ProcessProgress value)
    {
        switch (value)
        {
            case { Phase: ProcessPhase.Uploading }:
                view.Enter(Phase.Uploading);
                view.Report(value.Fraction, value.Transfer);
                break;
            case { Phase: ProcessPhase.Processing, State: TaskInProgress { IsQueued: false } }:
                view.Enter(Phase.Processing);
                view.Report(value.Fraction);
                break;
            case { Phase: ProcessPhase.Downloading }:
                view.Enter(Phase.Downloading);
                view.Report(value.Fraction, value.Transfer);
                break;
        }
    }

    private async Task ProcessAsync(IReadOnlyList<JobTrack> intact, CancellationToken cancellationToken)
    {
        var isRestart = job.IsGone;
        if (isRestart && !run.Options.RestartLost)
        {
            throw Gone(job.EndReason ?? LostMessage, job.EndCode);
        }

        var isOld = job.Start is not null && !isRestart;
        view.Minutes = isOld ? job.Start!.Minutes : null;
        try
        {
            await ProcessAsync(isRestart ? NewCheckpoint() : OldCheckpoint(intact), cancellationToken);
        }
        catch (JobException exception) when (exception.Failure.Next == NextAction.RestartLost && isOld && run.Options.RestartLost)
        {
            await ProcessAsync(NewCheckpoint(), cancellationToken);
        }
    }

    private async Task ProcessAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        _saved = checkpoint;
        try
        {
            var start = new StartOptions { ValidatePresets = run.Request.ValidatePresets };
            var options = new ProcessOptions { ResumeFrom = checkpoint, Host = this, Start = start };
            var result = await run.Client.ProcessAsync(
                OpenAsync, input.Name, checkpoint.Presets, _folder, options, this, cancellationToken);
            if (result.Tracks.Select(track => track.Error).FirstOrDefault(error => error is not null) is { } error)
            {
                throw new JobException(Failure.Of(error));
            }
        }
        catch (LalalAiTaskException exception)
        {
            var code = (exception.State as TaskFailed)?.Error.Code;
            if (exception.State is TaskFailed or TaskCanceled)
            {
                run.Journal.Append(new EndedEntry(job.Number, exception.Message, code));
            }

            throw Gone(exception.Message, code);
        }
        catch (LalalAiException exception)
            when (exception is LalalAiIdempotencyKeyUsedException or LalalAiAmbiguousStartException { IsProbablyRunning: true })
        {
            run.Journal.AppendDurably(new LostEntry(job.Number));
            throw Gone(LostMessage);
        }
        catch (LalalAiApiException exception)
            when (checkpoint.IdempotencyKey is not null && _saved.TaskId is null
                && exception is { StatusCode: 400 or 404, Code: null, Detail: not null })
        {
            // The upload has expired, so the start cannot be retried with its key.
            throw Gone($"{exception.Message} It is not known whether an earlier run started its task.");
        }
        catch (Exception exception)
            when (exception is not (OperationCanceledException or JobException) && _saved is { IdempotencyKey: not null, TaskId: null })
        {
            throw new JobException(new Failure(
                ExitCode.Failure,
                $"It is not known yet whether its task was started. {Failure.Of(exception).Message} Run the same command again: it asks "
                    + "with the same key, which is paid for at most once.",
                NextAction.Retry));
        }
        finally
        {
            run.Budget.Release(job.Number);
            RemoveEmptyFolder();
        }
    }

    /// <summary>
    /// Whether another job on the same recording has a track of this name, because the service returned other labels than expected.
    /// </summary>
    private bool IsTrackOfAnotherJob(string name)
    {
        var path = Path.ChangeExtension(job.Tracks.Replace("{stem}", name, StringComparison.Ordinal), null);
        return run.Journal.Query(index => index.JobsOf(job.Sha256)
            .Where(other => other != job)
            .SelectMany(other => other.Files)
            .Any(track => string.Equals(Path.ChangeExtension(track.Path, null), path, StringComparison.OrdinalIgnoreCase)));
    }

    private JobCheckpoint NewCheckpoint() => new() { Presets = run.Request.Presets, Service = run.Client.BaseAddress, Source = Source() };

    private JobCheckpoint OldCheckpoint(IReadOnlyList<JobTrack> intact) => NewCheckpoint() with
    {
        IdempotencyKey = job.Start?.Key,
        TaskId = job.TaskId is { } id ? new TaskId(id) : null,
        Source = job.Start?.Source ?? Source(),
        Tracks = intact,
    };

    private SourceFile? Source() => run.Journal.Query(index => index.FindSource(run.Service, job.Sha256));

    private Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var content = new HashingStream(ContentHash.OpenRead(input.Path));
        _sentHash = () => content.Sha256;
        return Task.FromResult<Stream>(content);
    }

    /// <summary>Reserves minutes and disk space, or leaves the phase that was entered.</summary>
    /// <param name="length">The length of the recording in minutes, if that is known.</param>
    /// <param name="isFinal">Whether the start comes next.</param>
    /// <param name="phase">The phase.</param>
    private void Reserve(double? length, bool isFinal, IDisposable phase)
    {
        try
        {
            if (run.Report.Stop is { } reason && !run.Budget.HasReserved(job.Number))
            {
                throw new JobException(reason);
            }

            run.Budget.Reserve(job.Number, length * run.Request.Stems, isFinal, run.BytesOf(input, length));
        }
        catch
        {
            phase.Dispose();
            throw;
        }
    }

    private void SaveSource(SourceFile? old, SourceFile? source)
    {
        if (source is null)
        {
            run.Journal.Append(new DeletedEntry(old!.Id.Value));
            return;
        }

        // The file may have been replaced since it was read.
        var sent = _sentHash?.Invoke();
        _isOtherContent = sent != job.Sha256;
        if (sent is not null)
        {
            run.Journal.Append(new SourceEntry(run.Service, sent, source));
        }

        run.Report.Uploaded(input.Path, source);
    }

    private void CheckContent()
    {
        if (_isOtherContent)
        {
            throw new JobException(new Failure(
                ExitCode.Failure,
                "The file was changed while it was being processed. Nothing was started. Run the same command again to process what it "
                    + "contains now.",
                NextAction.Retry));
        }
    }

    private async Task SaveTrackAsync(JobTrack track, CancellationToken cancellationToken)
    {
        var entry = new TrackEntry(
            job.Number,
            track.Index,
            track.Label,
            JournalPath.Relative(run.Journal.Directory, track.Path),
            track.Size,
            await ContentHash.ComputeAsync(track.Path, cancellationToken: cancellationToken),
            File.GetLastWriteTimeUtc(track.Path));
        run.Journal.Append(entry);
        run.Report.Downloaded(input.Path, job, entry, track.Path);
    }

    /// <summary>The tracks that are on disk as they were downloaded.</summary>
    private async Task<List<JobTrack>> IntactTracksAsync(CancellationToken cancellationToken)
    {
        var intact = new List<JobTrack>();
        foreach (var track in job.Files)
        {
            var file = new FileInfo(JournalPath.Full(run.Journal.Directory, track.Path));
            if (file.Exists
                && file.Length == track.Size
                && ((file.LastWriteTimeUtc == track.ModifiedAt.UtcDateTime && !run.Options.Checksum)
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
        var (source, isNeeded) = run.Journal.Query(index =>
            (index.FindSource(run.Service, job.Sha256), index.JobsOf(job.Sha256).Any(other => other != job && other.IsInProgress)));
        if (source is not null && !isNeeded)
        {
            await run.Client.DeleteSourceAsync(source.Id, cancellationToken);
            run.Journal.Append(new DeletedEntry(source.Id.Value));
            run.Report.Deleted(input.Path, source.Id);
        }
    }

    private void RemoveEmptyFolder()
    {
        if (_folder != run.Journal.Directory && Directory.Exists(_folder) && !Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            Directory.Delete(_folder);
        }
    }

    private static JobException Gone(string reason, string? code = null) =>
        new(new Failure(ExitCode.Failure, $"{reason} --restart-lost starts it again and pays for it again.", NextAction.RestartLost)
        {
            Code = code,
        });
}
