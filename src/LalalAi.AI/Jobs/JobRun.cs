using LalalAi.AI.Files;
using LalalAi.AI.Results;

namespace LalalAi.AI.Jobs;

/// <summary>The state of a job for callers.</summary>
internal sealed record JobState(JobStatus Status, int? Percent = null, string? Note = null, string? ServiceText = null);

/// <summary>
/// One job in this process. The client runs it. This host stores each of its checkpoints, and refuses a start that the budget or the
/// approval does not cover.
/// </summary>
internal sealed class JobRun(JobSession session, string id, double? minutes) : ProcessHost, IProgress<ProcessProgress>, IDisposable
{
    private const double Tolerance = 1e-6;

    private const string OutageNote = "The service does not return the state of the task at present. The job continues when it does.";

    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile JobState _state = new(JobStatus.Waiting);
    private double _approvedMinutes = double.PositiveInfinity;
    private JobCheckpoint? _latest;
    private HashingStream? _content;

    /// <summary>Called, on any thread, when the state has changed.</summary>
    public event Action? Changed;

    public string Id => id;

    /// <summary>The job, or <see langword="null"/> before it was accepted.</summary>
    public AgentJob? Job { get; private set; }

    /// <summary>The price, or its estimate.</summary>
    public double? Minutes => Job?.Minutes ?? Job?.Checkpoint.Source?.EstimateMinutes(Job.Checkpoint.Presets) ?? minutes;

    public JobState State
    {
        get => _state;
        set
        {
            if (_state != value)
            {
                _state = value;
                Changed?.Invoke();
            }
        }
    }

    /// <summary>Completes when the run ends, with any result. It never fails.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Completes when the job is accepted or rejected. It never fails.</summary>
    public Task Decision { get; set; } = Task.CompletedTask;

    /// <summary>Canceled when the run is stopped.</summary>
    public CancellationToken Stopping => _cancel.Token;

    /// <summary>Runs an accepted job in the background, from its last checkpoint.</summary>
    /// <param name="job">The job.</param>
    /// <param name="approvedMinutes">The price up to which it may be started.</param>
    public void Start(AgentJob job, double approvedMinutes = double.PositiveInfinity)
    {
        Job = job;
        _approvedMinutes = approvedMinutes;
        State = new JobState(JobStatus.Waiting);
        _ = Task.Run(RunAsync);
    }

    /// <summary>Ends the run in a state, and releases its reserved minutes.</summary>
    public void End(JobState state)
    {
        session.Release(id);
        try
        {
            State = state;
        }
        finally
        {
            // Even if a handler of the caller fails.
            _ended.TrySetResult();
        }
    }

    /// <summary>Stops the run. A task that was started keeps running on the service.</summary>
    public Task StopAsync()
    {
        _cancel.Cancel();
        return Completion;
    }

    public void Dispose() => _cancel.Dispose();

    public override async Task<IDisposable?> EnterPhaseAsync(
        ProcessPhase phase, JobCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        switch (phase)
        {
            case ProcessPhase.Uploading:
                return await session.Uploads.EnterAsync(cancellationToken).ConfigureAwait(false);
            case ProcessPhase.Downloading:
                return await session.Downloads.EnterAsync(cancellationToken).ConfigureAwait(false);
            case ProcessPhase.Starting:
                var start = await session.Starts.EnterAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    State = new JobState(JobStatus.Starting);
                    // A start that was sent before is charged at most once.
                    if (checkpoint.IdempotencyKey is null)
                    {
                        Accept(checkpoint);
                    }

                    return start;
                }
                catch
                {
                    start.Dispose();
                    throw;
                }

            default:
                return null;
        }
    }

    public override Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        // Approvals and other uploads take time, in which the file may be replaced. Its hash is then that of another source.
        if (checkpoint.Source is not null && checkpoint.Source != Job!.Checkpoint.Source && _content?.Sha256 != Job.Sha256)
        {
            throw new LalalAiFunctionException(
                "The recording was changed during the upload. Nothing was started. Call again to process what it contains now.");
        }

        _latest = checkpoint;
        try
        {
            Save(checkpoint);
        }
        catch (Exception) when (checkpoint == Job!.Checkpoint with { TaskId = checkpoint.TaskId })
        {
            // The task is paid for and in progress. The next checkpoint contains its ID, too.
        }

        return Task.CompletedTask;
    }

    public override DownloadOptions? GetDownloadOptions(TaskSucceeded task, int index, DownloadOptions? options) =>
        session.GetDownloadOptions(Job!, task, index);

    public void Report(ProcessProgress value)
    {
        var percent = value.Fraction is { } fraction ? (int)(fraction * 100) : (int?)null;
        State = value.Phase switch
        {
            ProcessPhase.Uploading => new JobState(JobStatus.Uploading, percent),
            ProcessPhase.Processing => new JobState(JobStatus.Processing, percent, value.CheckFailure is null ? null : OutageNote),
            ProcessPhase.Downloading => new JobState(JobStatus.Downloading, percent),
            _ => State,
        };
    }

    private async Task RunAsync()
    {
        JobState end;
        try
        {
            end = await ProcessToEndAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            end = new JobState(JobStatus.Stopped);
        }
        catch (Exception exception)
        {
            end = Stopped(exception);
        }

        End(WithTask(end));
    }

    private async Task<JobState> ProcessToEndAsync()
    {
        try
        {
            return await ProcessAsync().ConfigureAwait(false);
        }
        catch (LalalAiTaskException exception) when (exception.State is TaskFailed or TaskCanceled)
        {
            return Finish(exception.State is TaskFailed ? AgentJobEnd.Failed : AgentJobEnd.Canceled, exception);
        }
        catch (LalalAiException exception)
            when (exception is LalalAiIdempotencyKeyUsedException or LalalAiAmbiguousStartException { IsProbablyRunning: true })
        {
            return Finish(AgentJobEnd.Lost, exception);
        }
    }

    private async Task<JobState> ProcessAsync()
    {
        var job = Job!;
        if (!RealPath.IsBelow(RealPath.Resolve(job.Folder), RealPath.Resolve(session.OutputFolder)))
        {
            throw new LalalAiFunctionException("The folder for the tracks is a link out of the output folder.");
        }

        // The service includes the file name in its texts.
        var name = id + Path.GetExtension(job.File);
        var result = await session.Client.ProcessAsync(
            OpenAsync,
            name,
            job.Checkpoint.Presets,
            job.Folder,
            new ProcessOptions { ResumeFrom = job.Checkpoint, Host = this },
            progress: this,
            _cancel.Token).ConfigureAwait(false);
        return result.IsComplete
            ? new JobState(JobStatus.Done)
            : new JobState(JobStatus.Stopped, Note: "Not every track could be downloaded. Call download to retry; it is free.");
    }

    private Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(_content = new HashingStream(session.Folders.Open(Job!.File)));

    /// <summary>Decides after the upload and before the start, when the price is known.</summary>
    private void Accept(JobCheckpoint checkpoint)
    {
        var price = checkpoint.Source!.EstimateMinutes(checkpoint.Presets)
            ?? throw new LalalAiFunctionException(
                "The service did not return the length of the recording, so the budget cannot be checked. Nothing was started.");
        if (price > _approvedMinutes + Tolerance)
        {
            throw new LalalAiFunctionException(
                "The price is higher than what was approved. Nothing was started. Call again: a person is asked with the right price.");
        }

        session.Reserve(id, price);
    }

    /// <summary>The state of a failed run, which the same call resumes.</summary>
    public static JobState Stopped(Exception exception)
    {
        var (reason, serviceText) = ToolFailure.Describe(exception);
        return new JobState(JobStatus.Stopped, Note: reason, ServiceText: serviceText);
    }

    private void Save(JobCheckpoint checkpoint)
    {
        var price = checkpoint.IdempotencyKey is null ? null : Job!.Minutes ?? checkpoint.Source?.EstimateMinutes(checkpoint.Presets);
        Job = session.Save(Job! with { Checkpoint = checkpoint, Minutes = price });
    }

    /// <summary>Stores the ID of the task if that failed before. If it fails again, the state contains the ID.</summary>
    private JobState WithTask(JobState end)
    {
        if (_latest?.TaskId is not { } task || Job!.Checkpoint.TaskId is not null)
        {
            return end;
        }

        try
        {
            Save(_latest);
            return end;
        }
        catch (Exception)
        {
            return end with { Note = $"{end.Note} The task {task} was started, but its ID could not be stored.".TrimStart() };
        }
    }

    private JobState Finish(AgentJobEnd end, Exception exception)
    {
        Job = session.Save(Job! with { End = end });
        return JobSession.Ended(end) with { ServiceText = ToolFailure.Describe(exception).ServiceText };
    }
}
