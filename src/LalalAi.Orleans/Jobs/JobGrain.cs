using LalalAi.Cluster.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace LalalAi.Cluster.Jobs;

/// <summary>
/// A job: the SDK's <c>ProcessAsync</c> with the grain's state as the store of its checkpoints. If the grain
/// ends for any reason, its catalog runs it again, on any silo.
/// </summary>
[LocationFilter]
internal sealed partial class JobGrain(
    [FromKeyedServices(LalalAiClusterOptions.StorageName)] IGrainStorage storage,
    ILalalAiClient lalal,
    IJobFiles files,
    SiloLimits silo,
    IOptions<LalalAiClusterOptions> options,
    ILogger<JobGrain> logger) : Grain, IJobGrain, IJobRunner, IDisposable
{
    private const int LookupRetries = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly LalalAiClusterOptions _options = options.Value;
    private readonly CancellationTokenSource _ending = new();
    private StoredValue<JobRecord> _stored = null!;
    private JobName _name;
    private Task _run = Task.CompletedTask;

    private ICatalogLedger Catalog => GrainFactory.GetGrain<ICatalogLedger>(_name.Catalog);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = JobName.Parse(this.GetPrimaryKeyString());
        _stored = new StoredValue<JobRecord>(storage, this.GetGrainId(), "job", _options.TimeProvider, logger);
        return _stored.ReadAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        EndRunAsync(cancellationToken);

    public void Dispose() => _ending.Dispose();

    public Task StartAsync(JobRequest request, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ICatalogGrain>(_name.Catalog).AddPageAsync([request with { Name = _name.Job }], cancellationToken);

    public Task<JobStatus> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_stored.Value?.ToStatus() ?? new JobStatus { Name = _name.Job, State = JobState.Waiting });

    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        if (_stored.Value is not { State: JobState.Failed or JobState.Lost } record)
        {
            var state = _stored.Value?.State.ToString() ?? "not known";
            throw new InvalidOperationException(
                $"The job '{_name.Key}' is {state}. Only one that failed or is lost can start again.");
        }

        // The catalog may be receiving the result.
        await _run.WaitAsync(cancellationToken);
        var hasTask = await HasTaskAsync(record.Checkpoint, cancellationToken);
        var again = hasTask
            ? record with { State = JobState.Running, Reason = null, FailedAttempts = 0, FailedLookups = 0 }
            : new JobRecord { Request = record.Request, Generation = record.Generation + 1 };
        // First the catalog, which may be canceled. After a crash before the write, the catalog takes the former result again.
        await Catalog.ReopenAsync(record.ToStatus(), hasTask);
        await _stored.WriteAsync(again, cancellationToken);
    }

    public async Task<JobStatus> RunAsync(JobRequest request)
    {
        if (_stored.Value is null)
        {
            await _stored.WriteAsync(new JobRecord { Request = request }, _ending.Token);
        }

        if (_stored.Value!.ToStatus() is { IsFinal: true } final)
        {
            DeactivateOnIdle();
            return final;
        }

        if (_run.IsCompleted)
        {
            _run = RunToEndAsync(_ending.Token);
        }

        return _stored.Value.ToStatus();
    }

    public async Task<JobStatus> CancelAsync(JobRequest request)
    {
        await EndRunAsync(CancellationToken.None);
        DeactivateOnIdle();
        var record = _stored.Value ?? new JobRecord { Request = request };
        if (record.ToStatus() is { IsFinal: true } final)
        {
            return final;
        }

        if (record.Checkpoint?.TaskId is { } taskId)
        {
            await lalal.CancelAsync([taskId]);
        }

        record = record.Checkpoint is { IdempotencyKey: not null, TaskId: null }
            ? record with { State = JobState.Lost, Reason = "The job was canceled during the start of its task, which may be charged." }
            : record with { State = JobState.Canceled, Reason = "The catalog was canceled." };
        await _stored.WriteAsync(record, CancellationToken.None);
        return record.ToStatus();
    }

    /// <summary>
    /// Attempts the job until it has ended, waits for its catalog, or is taken over by another activation. It does not throw.
    /// </summary>
    private async Task RunToEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            var record = await RunAttemptsAsync(cancellationToken);
            await _stored.WriteAsync(record, cancellationToken);
            if (record.ToStatus() is { IsFinal: true } final)
            {
                LogEnded(_name.Key, final.State, final.Reason ?? string.Empty);
                DeactivateOnIdle();
                await Catalog.CompleteAsync(final);
            }
            else if (record.Checkpoint?.Source is null && !HasRecording(record.Request))
            {
                // To a silo at the location, if one is running. Silos that remember this address would start a deactivated job here again.
                LocationDirector.Set(record.Request.Location);
                MigrateOnIdle();
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The job is resumed from its checkpoint.
        }
        catch (Exception exception) when (
            exception is StoredValueChangedException || exception.InnerException is StoredValueChangedException)
        {
            LogTakenOver(_name.Key);
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            // The catalog runs the job again, or takes its result.
            LogInterrupted(exception, _name.Key);
        }
    }

    private async Task<JobRecord> RunAttemptsAsync(CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                var tracks = await ProcessAsync(cancellationToken);
                return _stored.Value! with { State = JobState.Done, Reason = null, Tracks = tracks };
            }
            catch (Exception exception) when (
                !cancellationToken.IsCancellationRequested && exception.InnerException is not StoredValueChangedException)
            {
                var record = _stored.Value! with { Reason = exception.Message };
                switch (FailureClassifier.Classify(exception, record.Checkpoint))
                {
                    case JobFailure.Lose:
                        return record with { State = JobState.Lost };
                    case JobFailure.Fail:
                        return record with { State = JobState.Failed };
                    case JobFailure.Pause:
                        await Catalog.PauseAsync(exception.Message);
                        return record with { State = JobState.Waiting };
                    case JobFailure.Wait:
                        return record with { State = JobState.Waiting };
                    case JobFailure.Attempt:
                        record = record with { FailedAttempts = record.FailedAttempts + 1 };
                        if (record.FailedAttempts >= _options.MaxAttempts)
                        {
                            return record with { State = JobState.Failed };
                        }

                        break;
                    case JobFailure.Lookup:
                        record = record with { FailedLookups = record.FailedLookups + 1 };
                        if (record.FailedLookups >= _options.MaxAttempts)
                        {
                            return record with { State = JobState.Lost };
                        }

                        break;
                }

                // Its status contains the reason while the job is retried.
                await _stored.WriteAsync(record, cancellationToken);
                LogRetried(exception, _name.Key, delay);
            }

            await Task.Delay(delay, _options.TimeProvider, cancellationToken);
        }
    }

    /// <summary>Runs the job from its checkpoint, stores its tracks, and returns their labels.</summary>
    private async Task<IReadOnlyList<string>> ProcessAsync(CancellationToken cancellationToken)
    {
        var record = _stored.Value!;
        if (record is { Reason: not null, Checkpoint.TaskId: { } taskId })
        {
            // A retry, whose cause may prevent the job from looking its task up. The retries end with the task.
            await lalal.WaitAsync(taskId, progress: null, timeout: null, cancellationToken);
        }

        var key = IdempotencyKey.Derive(
            _options.LicenseName, _name.Key, System.Text.Json.JsonSerializer.Serialize(record.Request.Presets), $"{record.Generation}");
        var folder = Path.Combine(silo.WorkFolder, key.ToString("N"));
        var options = new ProcessOptions
        {
            Host = new JobHost(_name, _stored, Catalog, silo),
            ResumeFrom = record.Checkpoint,
            Start = new StartOptions { IdempotencyKey = key },
            Download = new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip },
        };
        var result = await lalal.ProcessAsync(
            token => HasRecording(record.Request)
                ? files.OpenAsync(record.Request.Source, token)
                : throw new StartRefusedException(
                    $"The recording is at the location '{record.Request.Location}'. The job waits for a silo there.", isFinal: false),
            FileName(record.Request.Source),
            record.Request.Presets,
            folder,
            options,
            progress: null,
            cancellationToken);
        foreach (var (track, file, error) in result.Tracks)
        {
            var downloaded = file ?? throw new LalalAiProcessException(
                $"The track '{track.Label}' could not be downloaded. {error!.Message}", result.Checkpoint, error);
            await files.StoreAsync(_name.Key, downloaded, cancellationToken);
        }

        await CleanUpAsync(result.SourceId, folder, cancellationToken);
        return [.. result.Tracks.Select(track => track.Track.Label)];
    }

    /// <summary>Deletes what is not needed once the tracks are stored. A failure costs nothing, so the job is done anyway.</summary>
    private async Task CleanUpAsync(SourceId sourceId, string folder, CancellationToken cancellationToken)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            if (_options.DeleteSources)
            {
                await lalal.DeleteSourceAsync(sourceId, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotCleanedUp(exception, _name.Key, folder, sourceId);
        }
    }

    /// <summary>Whether the service still has the task of a job, and has not ended it without a result.</summary>
    private async Task<bool> HasTaskAsync(JobCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint?.TaskId is not { } taskId)
        {
            return false;
        }

        // Retried as in a wait. Unlike a wait, a check fails if the service is unavailable.
        for (var lookup = 0; lookup <= LookupRetries; lookup++)
        {
            try
            {
                if (await lalal.CheckAsync(taskId, options: null, cancellationToken) is var state and not TaskLookupFailed)
                {
                    return state is not (TaskFailed or TaskCanceled);
                }
            }
            catch (LalalAiApiException exception) when (FailureClassifier.Classify(exception, checkpoint) == JobFailure.Lookup)
            {
                // The service rejects the ID, which is one way to report that the lookup failed.
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Without the cause, which may have no codec.
                throw new OrleansException($"The task {taskId} could not be checked. Nothing was started. {exception.Message}");
            }
        }

        return false;
    }

    private bool HasRecording(JobRequest request) => request.Location is null || request.Location == _options.Location;

    private async Task EndRunAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    // The last part of a path or a URL, without its query.
    private static string FileName(string source)
    {
        var path = Uri.TryCreate(source, UriKind.Absolute, out var url) && !url.IsFile ? Uri.UnescapeDataString(url.AbsolutePath) : source;
        return Path.GetFileName(path) is { Length: > 0 } name ? name : "recording";
    }

    [LoggerMessage(1, LogLevel.Information, "The job {Job} has ended: {State}. {Reason}")]
    private partial void LogEnded(string job, JobState state, string? reason);

    [LoggerMessage(2, LogLevel.Warning, "The job {Job} failed, and is retried after {Delay}.")]
    private partial void LogRetried(Exception exception, string job, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Information, "The job {Job} was taken over by another activation. This one has sent nothing since.")]
    private partial void LogTakenOver(string job);

    [LoggerMessage(4, LogLevel.Warning, "The job {Job} was interrupted. Its catalog runs it again.")]
    private partial void LogInterrupted(Exception exception, string job);

    [LoggerMessage(5, LogLevel.Warning,
        "The tracks of the job {Job} are stored, but its folder {Folder} or its source {SourceId} could not be deleted.")]
    private partial void LogNotCleanedUp(Exception exception, string job, string folder, SourceId sourceId);
}
