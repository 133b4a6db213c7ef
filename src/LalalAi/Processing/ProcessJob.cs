using LalalAi.Downloads;
using LalalAi.Downloads.Naming;
using LalalAi.Polling;
using LalalAi.Tasks;
using LalalAi.Telemetry;

namespace LalalAi.Processing;

/// <summary>
/// One job: upload, start, wait, download, and an optional delete, resumed from its checkpoint. Every result and exception contains the
/// checkpoint, so that nothing that was paid for is lost.
/// </summary>
internal sealed class ProcessJob : IDisposable
{
    // The typical share of each phase, for the overall progress.
    private const double UploadShare = 0.25;
    private const double ProcessingShare = 0.6;

    private readonly ILalalAiClient _client;
    private readonly DownloadDestination _destination;
    private readonly ProcessOptions _options;
    private readonly IProgress<ProcessProgress>? _progress;
    private readonly SemaphoreSlim _saving = new(1);
    private JobCheckpoint _checkpoint;
    private TaskState? _lastState;
    private double _overall;

    /// <summary>Validates the job without the service.</summary>
    /// <exception cref="ArgumentException">An argument is not valid.</exception>
    public ProcessJob(
        ILalalAiClient client, TaskPresets presets, string directory, ProcessOptions? options, IProgress<ProcessProgress>? progress)
    {
        _client = client;
        _options = options ?? new ProcessOptions();
        _progress = progress;
        TaskKind.Validate(presets, _options.Start?.ValidatePresets ?? true);
        _destination = DownloadDestination.Of(directory, _options.Download);
        _checkpoint = _options.ResumeFrom ?? new JobCheckpoint { Presets = presets, Service = client.BaseAddress };
        if (_checkpoint.Version > JobCheckpoint.CurrentVersion)
        {
            throw Invalid(
                $"{nameof(ProcessOptions.ResumeFrom)} has version {_checkpoint.Version}, and this version "
                    + $"of the library reads up to version {JobCheckpoint.CurrentVersion}. Update the library.");
        }

        // What is saved from here on has the current format.
        _checkpoint = _checkpoint with { Version = JobCheckpoint.CurrentVersion };
        if (_checkpoint.Presets != presets)
        {
            throw Invalid($"{nameof(ProcessOptions.ResumeFrom)} is a job with other presets. Pass its {nameof(JobCheckpoint.Presets)}.");
        }

        if (_checkpoint.Service is { } service && client.BaseAddress is { } address && service != address)
        {
            throw Invalid($"{nameof(ProcessOptions.ResumeFrom)} is a job on {service}, and the client calls {address}.");
        }

        if (_options.Timeout is { } timeout && timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw Invalid($"{nameof(ProcessOptions.Timeout)} is {timeout}; it must be more than zero.");
        }

        if (_options.MaxMinutes is { } maximum && !(maximum >= 0))
        {
            throw Invalid($"{nameof(ProcessOptions.MaxMinutes)} is {maximum}; it must be zero or more.");
        }

        if (_options.Download?.FileName is not null)
        {
            throw Invalid(
                $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.FileName)} names one file. "
                    + $"Use {nameof(DownloadOptions.NameTemplate)}, for example {{label}}.{{ext}}, for the tracks of a job.");
        }

        if (_options.StartGracePeriod < TimeSpan.Zero && _options.StartGracePeriod != Timeout.InfiniteTimeSpan)
        {
            throw Invalid($"{nameof(ProcessOptions.StartGracePeriod)} is {_options.StartGracePeriod}; it must be zero or more.");
        }
    }

    /// <summary>Runs the job from a file's content.</summary>
    public Task<ProcessResult> RunAsync(
        string fileName, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken) =>
        RunAsync(token => UploadAsync(fileName, openContent, token), canUploadAgain: true, cancellationToken);

    /// <summary>Runs the job from an uploaded file.</summary>
    public Task<ProcessResult> RunAsync(SourceFile source, CancellationToken cancellationToken)
    {
        if (_checkpoint.Source is { } resumed && resumed.Id != source.Id)
        {
            throw Invalid($"{nameof(ProcessOptions.ResumeFrom)} is a job on the source {resumed.Id}, not on {source.Id}.");
        }

        return RunAsync(
            token => SaveAsync(checkpoint => checkpoint with { Source = source }, token), canUploadAgain: false, cancellationToken);
    }

    public void Dispose() => _saving.Dispose();

    private Task<ProcessResult> RunAsync(
        Func<CancellationToken, Task> provideSource, bool canUploadAgain, CancellationToken cancellationToken) =>
        LalalAiTelemetry.TraceAsync("Process", async activity =>
        {
            try
            {
                return await RunToEndAsync(provideSource, canUploadAgain, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                activity?.SetTag("lalalai.source_id", _checkpoint.Source?.Id.Value);
                activity?.SetTag("lalalai.task_id", _checkpoint.TaskId?.Value);
            }
        });

    private async Task<ProcessResult> RunToEndAsync(
        Func<CancellationToken, Task> provideSource, bool canUploadAgain, CancellationToken cancellationToken)
    {
        var timeout = LalalAiClientOptions.Timer(_options.Timeout ?? Timeout.InfiniteTimeSpan);
        using var deadline = _options.TimeProvider.CreateCancellationTokenSource(timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await RunPhasesAsync(provideSource, canUploadAgain, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new LalalAiProcessCanceledException(_checkpoint, exception, cancellationToken);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
        {
            throw TimedOut(exception);
        }
        catch (LalalAiException exception)
        {
            exception.Checkpoint ??= _checkpoint;
            throw;
        }
        catch (Exception exception) when (_checkpoint.Source is not null || _checkpoint.TaskId is not null)
        {
            throw new LalalAiProcessException(
                $"The job failed after its file was uploaded; its checkpoint resumes it. {exception.Message}", _checkpoint, exception);
        }
    }

    private async Task<ProcessResult> RunPhasesAsync(
        Func<CancellationToken, Task> provideSource, bool canUploadAgain, CancellationToken cancellationToken)
    {
        _destination.Prepare();
        if (_checkpoint.TaskId is null)
        {
            var isResumed = _checkpoint.Source is not null;
            if (!isResumed)
            {
                await provideSource(cancellationToken).ConfigureAwait(false);
            }

            try
            {
                await StartAsync(_checkpoint.Source!, cancellationToken).ConfigureAwait(false);
            }
            catch (LalalAiApiException exception) when (isResumed
                && canUploadAgain
                && _checkpoint.IdempotencyKey is null
                && MayMeanTheSourceIsGone(exception))
            {
                // Only the service knows whether an earlier upload has expired, and it has no error code for that.
                await SaveAsync(checkpoint => checkpoint with { Source = null }, cancellationToken).ConfigureAwait(false);
                await provideSource(cancellationToken).ConfigureAwait(false);
                await StartAsync(_checkpoint.Source!, cancellationToken).ConfigureAwait(false);
            }
        }

        var succeeded = await WaitAsync(_checkpoint.TaskId!.Value, cancellationToken).ConfigureAwait(false);
        var tracks = await DownloadAsync(succeeded, cancellationToken).ConfigureAwait(false);
        var result = new ProcessResult
        {
            State = succeeded,
            Tracks = tracks,
            Checkpoint = _checkpoint,
            Minutes = _checkpoint.Source?.EstimateMinutes(_checkpoint.Presets),
        };
        if (result.IsComplete)
        {
            var deleteError = await DeleteSourceAsync(succeeded.SourceId, cancellationToken).ConfigureAwait(false);
            await SaveAsync(checkpoint => checkpoint with { IsDone = deleteError is null }, CancellationToken.None).ConfigureAwait(false);
            result = result with { Checkpoint = _checkpoint, DeleteError = deleteError };
        }

        Report(ProcessPhase.Done, 1, 1);
        return result;
    }

    private async Task UploadAsync(string fileName, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken)
    {
        using var phase = await EnterAsync(ProcessPhase.Uploading, cancellationToken).ConfigureAwait(false);
        using var content = await openContent(cancellationToken).ConfigureAwait(false);
        var progress = Transfers(ProcessPhase.Uploading, 0, UploadShare);
        var source = await _client.UploadAsync(content, fileName, options: null, progress, cancellationToken).ConfigureAwait(false);
        await SaveAsync(checkpoint => checkpoint with { Source = source }, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task StartAsync(SourceFile source, CancellationToken cancellationToken)
    {
        if (_options.MaxMinutes is { } maximum && !(source.EstimateMinutes(_checkpoint.Presets) <= maximum))
        {
            throw new LalalAiMaxMinutesException(source, source.EstimateMinutes(_checkpoint.Presets), maximum);
        }

        using var phase = await EnterAsync(ProcessPhase.Starting, cancellationToken).ConfigureAwait(false);
        Report(ProcessPhase.Starting, null, UploadShare);
        var wasSent = _checkpoint.IdempotencyKey is not null;
        var key = _checkpoint.IdempotencyKey ?? _options.Start?.IdempotencyKey ?? Guid.NewGuid();
        cancellationToken.ThrowIfCancellationRequested();
        // A new task has no tracks yet: those of the checkpoint are of an earlier one.
        await SaveAsync(checkpoint => checkpoint with { IdempotencyKey = key, Tracks = [], IsDone = false }, cancellationToken)
            .ConfigureAwait(false);

        // Not disposed, because it holds no resources, and the timer may fire while the start returns.
        var canceled = new CancellationTokenSource();
        using var gracePeriod = _options.TimeProvider.CreateTimer(
            _ => canceled.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.Register(
            () => gracePeriod.Change(LalalAiClientOptions.Timer(_options.StartGracePeriod), Timeout.InfiniteTimeSpan));
        try
        {
            var options = (_options.Start ?? new StartOptions()) with { IdempotencyKey = key };
            var taskId = await _client.StartAsync(source.Id, _checkpoint.Presets, options, canceled.Token).ConfigureAwait(false);
            await SaveAsync(checkpoint => checkpoint with { TaskId = taskId }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LalalAiIdempotencyKeyUsedException exception) when (wasSent)
        {
            throw new LalalAiAmbiguousStartException(
                "The task of the resumed job was started, but its ID was not stored.", source.Id, key, isProbablyRunning: true, exception);
        }
        catch (LalalAiApiException exception) when (!wasSent
            && ErrorMapping.IsRefusal(exception)
            && exception is not LalalAiIdempotencyKeyUsedException)
        {
            // The service rejected the start, so the key is unused. The next attempt is a new start.
            await SaveAsync(checkpoint => checkpoint with { IdempotencyKey = null }, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static bool MayMeanTheSourceIsGone(LalalAiApiException exception) =>
        ErrorMapping.IsRefusal(exception) && exception is { Code: null, StatusCode: 400 or 404 };

    private async Task<TaskSucceeded> WaitAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        using var phase = await EnterAsync(ProcessPhase.Processing, cancellationToken).ConfigureAwait(false);
        Report(ProcessPhase.Processing, 0, UploadShare);
        return await _client.WaitAsync(taskId, new WaitProgress(this), timeout: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<DownloadResult>> DownloadAsync(TaskSucceeded task, CancellationToken cancellationToken)
    {
        using var phase = await EnterAsync(ProcessPhase.Downloading, cancellationToken).ConfigureAwait(false);
        var progress = Transfers(ProcessPhase.Downloading, UploadShare + ProcessingShare, 1 - UploadShare - ProcessingShare);
        var combined =
            progress is null ? null : new CombinedProgress(_options.TimeProvider, progress, task.Tracks.Select(track => track.Size));
        using var reservations = new PathReservations();
        foreach (var finished in _checkpoint.Tracks.Where(IsOnDisk))
        {
            reservations.TryReserve(finished.Path);
        }

        var results = await Task.WhenAll(
            task.Tracks.Select((_, index) => DownloadAsync(task, index, reservations, combined?.Part(index), cancellationToken)))
                .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return results;
    }

    private async Task<DownloadResult> DownloadAsync(
        TaskSucceeded task,
        int index,
        PathReservations reservations,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var track = task.Tracks[index];
        if (_checkpoint.Tracks.FirstOrDefault(known => known.Index == index && known.Label == track.Label) is { } finished
            && IsOnDisk(finished))
        {
            return new DownloadResult(track, new DownloadedFile(track, finished.Path, finished.Size), null);
        }

        DownloadedFile downloaded;
        try
        {
            var options = _options.Host is { } host ? host.GetDownloadOptions(task, index, _options.Download) : _options.Download;
            options = (options ?? new DownloadOptions()) with { Reservations = reservations };
            downloaded =
                await _client.DownloadAsync(track, _destination.Directory, options, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return new DownloadResult(track, null, exception);
        }

        var entry = new JobTrack(index, track.Label, downloaded.Path, downloaded.Size);
        await SaveAsync(
            checkpoint => checkpoint with { Tracks = [.. checkpoint.Tracks.Where(known => known.Index != index), entry] },
            CancellationToken.None)
            .ConfigureAwait(false);
        return new DownloadResult(track, downloaded, null);
    }

    /// <summary>
    /// Deletes the source if requested and not done before. A failure does not fail the job, because every track is on disk.
    /// </summary>
    private async Task<Exception?> DeleteSourceAsync(SourceId sourceId, CancellationToken cancellationToken)
    {
        if (!_options.DeleteSource || _checkpoint.IsSourceDeleted)
        {
            return null;
        }

        try
        {
            await _client.DeleteSourceAsync(sourceId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return exception;
        }

        await SaveAsync(checkpoint => checkpoint with { IsSourceDeleted = true }, CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    private async Task SaveAsync(Func<JobCheckpoint, JobCheckpoint> change, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Kept even if it cannot be stored, because the exception contains it.
            _checkpoint = change(_checkpoint);
            if (_options.Host is { } host)
            {
                await host.SaveCheckpointAsync(_checkpoint, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task<IDisposable?> EnterAsync(ProcessPhase phase, CancellationToken cancellationToken) =>
        _options.Host is { } host ? await host.EnterPhaseAsync(phase, _checkpoint, cancellationToken).ConfigureAwait(false) : null;

    private Exception TimedOut(OperationCanceledException exception)
    {
        var timeout = _options.Timeout!.Value;
        return _checkpoint switch
        {
            { TaskId: { } taskId } => new LalalAiTaskTimeoutException(taskId, timeout, _lastState, exception) { Checkpoint = _checkpoint },
            { IdempotencyKey: { } key, Source.Id: var source } =>
                new LalalAiAmbiguousStartException(
                    $"The job reached its timeout of {timeout} during the start.", source, key, innerException: exception)
                { Checkpoint = _checkpoint },
            { Source: not null } => new LalalAiProcessException(
                $"The job reached its timeout of {timeout} after the upload. Nothing was started.",
                _checkpoint,
                new TimeoutException(exception.Message, exception)),
            _ => new TimeoutException($"The job reached its timeout of {timeout} during the upload. Nothing was started.", exception),
        };
    }

    private SynchronousProgress<TransferProgress>? Transfers(ProcessPhase phase, double from, double share) => _progress is null
        ? null
        : new SynchronousProgress<TransferProgress>(
            transfer => Report(phase, transfer.Fraction, from + (share * (transfer.Fraction ?? 0)), transfer));

    private void ReportState(TaskState? state, Exception? checkFailure = null)
    {
        _lastState = state;
        var fraction = state switch { null => 0, TaskInProgress running => running.Percent / 100.0, _ => 1 };
        var overall = UploadShare + (ProcessingShare * (fraction ?? 0));
        Report(ProcessPhase.Processing, fraction, overall, state: state, checkFailure: checkFailure);
    }

    private void Report(
        ProcessPhase phase,
        double? fraction,
        double overall,
        TransferProgress? transfer = null,
        TaskState? state = null,
        Exception? checkFailure = null)
    {
        _overall = Math.Max(_overall, overall);
        _progress?.Report(new ProcessProgress(phase, fraction, _overall, transfer, state, _checkpoint.TaskId, checkFailure));
    }

    private static bool IsOnDisk(JobTrack track) => new FileInfo(track.Path) is { Exists: true } file && file.Length == track.Size;

    private static ArgumentException Invalid(string problem) => new(problem);

    private sealed class WaitProgress(ProcessJob job) : IWaitProgress
    {
        public bool IsStarted => job._options.ResumeFrom?.TaskId is null;

        public void Report(TaskState value) => job.ReportState(value);

        public void ReportOutage(Exception cause) => job.ReportState(job._lastState, cause);
    }
}
