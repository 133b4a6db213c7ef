using LalalAi.Generated;

namespace LalalAi.Tests.Hosts;

/// <summary>A client of which a test overrides what it needs.</summary>
internal abstract class FakeClient : ILalalAiClient
{
    public virtual Uri BaseAddress => new("https://fake.example/");

    public virtual Task<SourceFile> UploadAsync(
        Stream content,
        string fileName,
        UploadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task DeleteSourceAsync(SourceId sourceId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<TaskId> StartAsync(SourceId sourceId, TaskPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<StartResult>> StartBatchAsync(
        IEnumerable<StartRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(
        IEnumerable<TaskId> taskIds, CheckOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<TaskSucceeded> WaitAsync(
        TaskId taskId, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual IAsyncEnumerable<TaskState> WatchAsync(TaskId taskId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAllAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<TrackStream> OpenReadAsync(TaskTrack track, long offset = 0, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<DownloadedFile> DownloadAsync(
        TaskTrack track,
        string directory,
        DownloadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<double?> GetMinutesLeftAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<VoicePack>> GetVoicePacksAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<T> SendAsync<T>(
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    public virtual ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
