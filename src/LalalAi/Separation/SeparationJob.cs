namespace LalalAi.Separation;

/// <summary>Upload, start, wait, download, and delete when wanted: one job with one deadline and one progress.</summary>
internal sealed class SeparationJob
{
    private readonly ILalalAiClient _client;
    private readonly SeparationOptions _options;
    private readonly IProgress<SeparationProgress>? _progress;
    private readonly TimeProvider _timeProvider;
    private readonly Guid _key;
    private TaskId? _task;
    private TaskState? _lastState;

    public SeparationJob(ILalalAiClient client, SeparationOptions? options, IProgress<SeparationProgress>? progress, TimeProvider timeProvider)
    {
        _client = client;
        _options = options ?? new SeparationOptions();
        _progress = progress;
        _timeProvider = timeProvider;
        _key = _options.Start?.IdempotencyKey ?? Guid.NewGuid();
        if (_options.Timeout is { } timeout && timeout <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(SeparationOptions.Timeout)} is {timeout}; it must be more than zero.", nameof(options));
        }

        if (_options.MaxMinutes is { } ceiling && !(ceiling >= 0))
        {
            throw new ArgumentException($"{nameof(SeparationOptions.MaxMinutes)} is {ceiling}; it must be zero or more.", nameof(options));
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="stems">How many stems the job is charged for.</param>
    /// <param name="start">Starts the task on the source with the options given.</param>
    /// <param name="directory">Where the tracks go.</param>
    /// <param name="cancellationToken">Cancels the job; a task that was started goes on.</param>
    public async Task<SeparationResult> RunAsync(string path, int stems, Func<SourceId, StartOptions, CancellationToken, Task<TaskId>> start, string directory, CancellationToken cancellationToken)
    {
        using var deadline = _timeProvider.CreateCancellationTokenSource(_options.Timeout ?? Timeout.InfiniteTimeSpan);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await RunPhasesAsync(path, stems, start, directory, linked.Token).ConfigureAwait(false);
        }
        catch (StartCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new StartCanceledException(exception.SourceId, exception.IdempotencyKey, exception, cancellationToken);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested)
        {
            throw _task is { } task
                ? new TaskTimeoutException(task, _options.Timeout!.Value, _lastState, exception)
                : new TimeoutException($"The job did not end within {_options.Timeout}. If its task was started, repeating the start with the idempotency key {_key} does not start it twice.", exception);
        }
    }

    private async Task<SeparationResult> RunPhasesAsync(string path, int stems, Func<SourceId, StartOptions, CancellationToken, Task<TaskId>> start, string directory, CancellationToken cancellationToken)
    {
        var source = await _client.UploadAsync(path, Transfers(SeparationPhase.Uploading), cancellationToken).ConfigureAwait(false);
        var minutes = source.EstimateMinutes(stems);
        if (minutes > _options.MaxMinutes)
        {
            throw new LalalAiCeilingException(source, minutes, _options.MaxMinutes.Value);
        }

        var task = await start(source.Id, new StartOptions { IdempotencyKey = _key }, cancellationToken).ConfigureAwait(false);
        _task = task;
        Report(SeparationPhase.Processing, 0);
        var done = await _client.WaitAsync(task, new Relay<TaskState>(OnState), timeout: null, cancellationToken).ConfigureAwait(false);
        var tracks = await _client.DownloadAllAsync(done, directory, _options.Download, Transfers(SeparationPhase.Downloading), cancellationToken).ConfigureAwait(false);
        var result = new SeparationResult { Source = source, Task = done, Tracks = tracks, Minutes = minutes };
        if (_options.DeleteSource && result.IsComplete)
        {
            try
            {
                await _client.DeleteAsync(source.Id, cancellationToken).ConfigureAwait(false);
                result = result with { IsSourceDeleted = true };
            }
            catch (Exception exception)
            {
                // Every track is there and paid for.
                result = result with { DeleteError = exception };
            }
        }

        Report(SeparationPhase.Done, 1);
        return result;
    }

    private void OnState(TaskState state)
    {
        _lastState = state;
        Report(SeparationPhase.Processing, state is TaskInProgress running ? running.Percent / 100.0 : 1, state: state);
    }

    private Relay<TransferProgress>? Transfers(SeparationPhase phase) =>
        _progress is null ? null : new Relay<TransferProgress>(transfer => Report(phase, transfer.Fraction, transfer));

    private void Report(SeparationPhase phase, double? fraction, TransferProgress? transfer = null, TaskState? state = null) =>
        _progress?.Report(new SeparationProgress(phase, fraction, transfer, state, _task));

    /// <summary>Passes reports on at once and in order, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class Relay<T>(Action<T> action) : IProgress<T>
    {
        public void Report(T value) => action(value);
    }
}
