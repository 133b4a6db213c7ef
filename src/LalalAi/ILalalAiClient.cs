using LalalAi.Generated;

namespace LalalAi;

/// <summary>
/// The LALAL.AI service: upload a file, start tasks on it, wait for them, download their tracks. Thread-safe. Create one client for a
/// license key and share it, because waits share their checks.
/// </summary>
/// <remarks>
/// <para>This interface contains what a fake has to implement. Everything else, such as <c>ProcessAsync</c>, which goes from a file to
/// tracks in one call, is an extension method in <see cref="LalalAiClientExtensions"/> and runs over fakes and decorators as well.
/// </para>
/// <para>Every method throws <see cref="LalalAiApiException"/> or a derived class if the service answers with an error,
/// <see cref="LalalAiConnectionException"/> if it cannot be reached, <see cref="TimeoutException"/> if it does not answer in time, and
/// <see cref="OperationCanceledException"/> if the caller cancels, each after all safe retries. Starts are the only calls that cost
/// minutes.
/// </para>
/// </remarks>
public interface ILalalAiClient : IAsyncDisposable, IDisposable
{
    /// <summary>The address of the service, from <see cref="LalalAiClientOptions.BaseAddress"/>, with a trailing slash.</summary>
    Uri BaseAddress { get; }

    /// <summary>
    /// Uploads a stream from its current position (<c>POST /api/v1/upload/</c>). A failed attempt is retried from that position if the
    /// stream can seek. Memory use does not depend on the size.
    /// </summary>
    /// <param name="content">The content, up to 10 GB. It is not disposed.</param>
    /// <param name="fileName">
    /// The name of the file; only its last segment is sent. The service derives the format from the extension.
    /// </param>
    /// <param name="options">The length, for a stream that cannot report it.</param>
    /// <param name="progress">Receives the number of bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The uploaded file, which expires after about 24 hours.</returns>
    /// <exception cref="ArgumentException">The stream is empty, cannot be read, or is larger than 10 GB, or the name is empty.</exception>
    Task<SourceFile> UploadAsync(
        Stream content,
        string fileName,
        UploadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a source and its tracks from the service (<c>POST /api/v1/delete/</c>) and cancels the tasks that are running on it.
    /// Download first: links may work for up to another hour, or not.
    /// </summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteSourceAsync(SourceId sourceId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a task on a source. The type of the presets selects the operation: <see cref="StemSeparatorPresets"/>,
    /// <see cref="MultistemPresets"/>, <see cref="DemuserPresets"/>, <see cref="VoiceCleanPresets"/> or <see cref="VoiceChangePresets"/>.
    /// Costs the source's duration in minutes, for <see cref="MultistemPresets"/> once for each stem.
    /// </summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="presets">What to do with it. Options that are not set are left to the service.</param>
    /// <param name="options">The idempotency key, if the caller stores it.</param>
    /// <param name="cancellationToken">Cancels the call. A start that was sent cannot be undone.</param>
    /// <returns>The ID of the task.</returns>
    /// <exception cref="ArgumentException">The presets cannot be combined; nothing was sent.</exception>
    /// <exception cref="LalalAiAmbiguousStartException">The task was or may have been started, but the response was lost. The exception
    /// contains the key to retry with.</exception>
    /// <exception cref="LalalAiStartCanceledException">The call was canceled after the start was sent. The exception contains the key to
    /// retry with.</exception>
    /// <exception cref="LalalAiQuotaException">The plan does not cover the task, for example because no minutes are left.</exception>
    Task<TaskId> StartAsync(
        SourceId sourceId, TaskPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts many tasks of any kinds in as few requests as possible: up to 100 starts of one kind in a batch, and single requests for
    /// kinds and plans without batches.
    /// </summary>
    /// <param name="requests">The sources and presets.</param>
    /// <param name="options">What to do if the plan does not include batches.</param>
    /// <param name="cancellationToken">Cancels the call. Starts that were sent cannot be undone.</param>
    /// <returns>The result of each start, in order. A failed start does not stop the others. A start whose response was lost is a
    /// <see cref="StartAmbiguous"/> with the key to retry with. An error of the service is thrown only if nothing was started.
    /// </returns>
    /// <exception cref="ArgumentException">The presets of a start cannot be combined; nothing was sent.</exception>
    /// <exception cref="LalalAiBatchCanceledException">The call was canceled after some starts were sent. The exception contains their
    /// results.</exception>
    Task<IReadOnlyList<StartResult>> StartBatchAsync(
        IEnumerable<StartRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the states of tasks (<c>POST /api/v1/check/</c>). All checks and waits of a client share requests: up to 200 tasks are asked
    /// for at once, and at most 30 requests are sent in any 60 seconds.
    /// </summary>
    /// <param name="taskIds">The tasks.</param>
    /// <param name="options">The maximum age of a state.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The state of each task. It is a <see cref="TaskLookupFailed"/> for a task that the response leaves out, and for one that is rejected
    /// although a wait of this client knows that it exists.
    /// </returns>
    /// <exception cref="ArgumentException">An ID is not a UUID.</exception>
    /// <exception cref="LalalAiApiException">The service rejected the license key, or one of the IDs.</exception>
    Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(
        IEnumerable<TaskId> taskIds, CheckOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a task has succeeded. Canceling the wait and its timeout leave the task running: any process can wait for it again by
    /// its ID, for 24 hours after its start.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="progress">Receives each state that is seen, the final one included.</param>
    /// <param name="timeout">How long to wait. No limit by default.</param>
    /// <param name="cancellationToken">Cancels the wait, not the task.</param>
    /// <returns>The tracks of the task.</returns>
    /// <exception cref="LalalAiTaskException">The task failed, was canceled, cannot be looked up, or has an unknown status.</exception>
    /// <exception cref="LalalAiTaskTimeoutException">The timeout was reached.</exception>
    Task<TaskSucceeded> WaitAsync(
        TaskId taskId, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Yields each change of a task's state, up to the final state. A slow consumer can miss intermediate states, but never the final one.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Cancels the watch, not the task.</param>
    IAsyncEnumerable<TaskState> WatchAsync(TaskId taskId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for many tasks, and yields the final state of each when it is reached. A task whose ID the service rejects is a
    /// <see cref="TaskLookupFailed"/>.
    /// </summary>
    /// <param name="taskIds">The tasks.</param>
    /// <param name="cancellationToken">Cancels the waits, not the tasks.</param>
    IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default);

    /// <summary>Cancels tasks (<c>POST /api/v1/cancel/</c>).</summary>
    /// <param name="taskIds">The tasks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result for each task.</returns>
    Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels every task of the license key that is in progress, whichever process started it (<c>POST /api/v1/cancel/all/</c>).
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result for each task.</returns>
    Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a track for reading. Broken connections are resumed and expired links are renewed while it is read.</summary>
    /// <param name="track">The track.</param>
    /// <param name="offset">The position of the first byte to read, for range requests.</param>
    /// <param name="cancellationToken">Cancels the opening. Reads take their own tokens.</param>
    /// <returns>The content with its length, media type and name. Dispose it.</returns>
    /// <exception cref="LalalAiDownloadException">The track is no longer available, or the offset is beyond its end.</exception>
    Task<TrackStream> OpenReadAsync(TaskTrack track, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>
    /// Downloads a track into a folder. The content is written to <c>NAME.part</c> and gets its name when it is complete and verified. A
    /// broken download is resumed, by this call or the next one; an expired link is renewed.
    /// </summary>
    /// <param name="track">The track.</param>
    /// <param name="directory">The folder. It is created if it does not exist.</param>
    /// <param name="options">The name of the file, and what happens if it exists.</param>
    /// <param name="progress">Receives the number of bytes received.</param>
    /// <param name="cancellationToken">Cancels the download. What was received stays as <c>NAME.part</c>.</param>
    /// <returns>The complete file.</returns>
    /// <exception cref="LalalAiDownloadException">The track is no longer available, or the folder cannot be written to.</exception>
    Task<DownloadedFile> DownloadAsync(
        TaskTrack track,
        string directory,
        DownloadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Returns the minutes that the license key has left (<c>POST /api/v1/limits/minutes_left/</c>).</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The minutes, or <see langword="null"/> if the service does not send a number.</returns>
    Task<double?> GetMinutesLeftAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the license key's own voice packs (<c>POST /api/v1/voice_packs/list/</c>) for <see cref="VoiceChangePresets.VoicePackId"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<VoicePack>> GetVoicePacksAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Calls an operation of the generated client that this interface does not cover. It adds the license key, telemetry and this
    /// library's exceptions. It is sent once unless <see cref="CallOptions.MaxRetries"/> allows retries. Checks share the requests of
    /// <see cref="CheckAsync"/>.
    /// </summary>
    /// <typeparam name="T">The type of the response.</typeparam>
    /// <param name="call">Calls the operation, once for each attempt.</param>
    /// <param name="options">The timeout and the number of retries.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The response.</returns>
    Task<T> SendAsync<T>(
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default);
}
