using LalalAi.Generated;

namespace LalalAi;

/// <summary>
/// The LALAL.AI service: upload a file, start tasks on it, wait for them, download their tracks. Thread-safe; make one and share it, because waits share their checks.
/// </summary>
/// <remarks>
/// Every method throws <see cref="LalalAiApiException"/> (or a class below it) when the service answers with an error, <see cref="LalalAiConnectionException"/> when it cannot be
/// reached, <see cref="TimeoutException"/> when it does not answer in time, and <see cref="OperationCanceledException"/> when the caller cancels; each after the
/// repetitions that are safe. Starts are the only calls that cost minutes.
/// </remarks>
public interface ILalalAiClient : IAsyncDisposable, IDisposable
{
    /// <summary>The generated client for everything that this interface does not cover, over the same connections and with the key, but without repetition.</summary>
    ILalalAiApiClient Raw { get; }

    /// <summary>Uploads a file from a path. The content is streamed, and only the bare file name is sent along.</summary>
    /// <param name="path">The file, 10 GB at most.</param>
    /// <param name="progress">Told about the bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The file as the service holds it, until it expires after about 24 hours.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is not even its folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read, or is a folder.</exception>
    /// <exception cref="ArgumentException">The file is empty or larger than 10 GB.</exception>
    Task<SourceFile> UploadAsync(string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="UploadAsync(string, IProgress{TransferProgress}, CancellationToken)"/>
    /// <param name="file">The file, 10 GB at most.</param>
    /// <param name="progress">Told about the bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    Task<SourceFile> UploadAsync(FileInfo file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Uploads a stream from where it stands. A stream that can seek is sent again from there when an attempt fails; one that cannot is sent once, and the first
    /// error is the one that is thrown.
    /// </summary>
    /// <param name="content">The content, 10 GB at most.</param>
    /// <param name="fileName">The name to upload it under; only its last segment is used. Its extension tells the service the format.</param>
    /// <param name="leaveOpen">Whether the stream stays open afterwards. By default it is disposed, whether the upload succeeds or not.</param>
    /// <param name="progress">Told about the bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The file as the service holds it, until it expires after about 24 hours.</returns>
    /// <exception cref="ArgumentException">The stream is empty or larger than 10 GB, as far as it can tell, or the name is empty.</exception>
    Task<SourceFile> UploadAsync(Stream content, string fileName, bool leaveOpen = false, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Uploads bytes in memory.</summary>
    /// <param name="content">The content.</param>
    /// <param name="fileName">The name to upload it under; only its last segment is used. Its extension tells the service the format.</param>
    /// <param name="progress">Told about the bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The file as the service holds it, until it expires after about 24 hours.</returns>
    Task<SourceFile> UploadAsync(ReadOnlyMemory<byte> content, string fileName, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the separation of one stem from a recording (<c>POST /api/v1/split/stem_separator/</c>). It makes two tracks, the stem and the rest; with
    /// <see cref="Multivocal.LeadBack"/> up to four. Costs the source's duration in minutes.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="presets">What to separate, and how. Options that are not set are left to the service.</param>
    /// <param name="options">The idempotency key, if the caller keeps it.</param>
    /// <param name="cancellationToken">Cancels the call. A start that was sent already is not taken back.</param>
    /// <returns>The task to wait for.</returns>
    /// <exception cref="ArgumentException">The presets do not go together; nothing was sent.</exception>
    /// <exception cref="LalalAiAmbiguousStartException">The task was or may have been started, but the answer was lost.</exception>
    /// <exception cref="StartCanceledException">The call was cancelled when the start had been sent; the exception has the key to repeat it by.</exception>
    /// <exception cref="LalalAiQuotaException">The plan does not cover it, for example because no minutes are left.</exception>
    Task<TaskId> SplitAsync(SourceId source, StemSeparatorPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the separation of up to six stems from a recording at once (<c>POST /api/v1/split/multistem/</c>). It makes one track for each stem and one of the rest.
    /// Costs the source's duration in minutes for each stem.
    /// </summary>
    /// <inheritdoc cref="SplitAsync(SourceId, StemSeparatorPresets, StartOptions, CancellationToken)"/>
    Task<TaskId> SplitAsync(SourceId source, MultistemPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the separation of music from speech (<c>POST /api/v1/split/demuser/</c>). It makes two tracks: <c>music</c>, and <c>no_music</c>, which is the speech.
    /// Costs the source's duration in minutes.
    /// </summary>
    /// <inheritdoc cref="SplitAsync(SourceId, StemSeparatorPresets, StartOptions, CancellationToken)"/>
    Task<TaskId> SplitAsync(SourceId source, DemuserPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the cleaning of a voice from noise (<c>POST /api/v1/split/voice_clean/</c>). It makes two tracks: <c>voice</c>, and <c>no_voice</c>, which is the noise.
    /// Costs the source's duration in minutes.
    /// </summary>
    /// <inheritdoc cref="SplitAsync(SourceId, StemSeparatorPresets, StartOptions, CancellationToken)"/>
    Task<TaskId> SplitAsync(SourceId source, VoiceCleanPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the change of a voice into that of a voice pack (<c>POST /api/v1/change_voice/</c>). It makes one track, <c>converted_mix</c>. Costs the source's duration in minutes.
    /// </summary>
    /// <inheritdoc cref="SplitAsync(SourceId, StemSeparatorPresets, StartOptions, CancellationToken)"/>
    Task<TaskId> ChangeVoiceAsync(SourceId source, VoiceChangePresets presets, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a stem separation on each of many sources (<c>POST /api/v1/split/batch/stem_separator/</c>), in as few requests as the service's 100 items a batch allow.
    /// </summary>
    /// <param name="items">The sources and presets, as many as wanted.</param>
    /// <param name="options">What to do when the plan has no batches.</param>
    /// <param name="cancellationToken">Cancels the call. Starts that were sent already are not taken back.</param>
    /// <returns>
    /// What became of each item, in their order. One that failed does not stop the others. One whose answer was lost is an <see cref="UnknownTaskStart"/>, with the key to repeat it by. An
    /// error of the service is thrown only as long as nothing was started.
    /// </returns>
    /// <exception cref="ArgumentException">The presets of an item do not go together; nothing was sent.</exception>
    /// <exception cref="BatchCanceledException">The call was cancelled after some items had been sent; the exception says what became of those.</exception>
    Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<StemSeparatorPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the separation of music from speech on each of many sources (<c>POST /api/v1/split/batch/demuser/</c>), in as few requests as the service's 100 items a batch allow.
    /// </summary>
    /// <inheritdoc cref="SplitBatchAsync(IEnumerable{BatchItem{StemSeparatorPresets}}, BatchOptions, CancellationToken)"/>
    Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<DemuserPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the cleaning of a voice on each of many sources (<c>POST /api/v1/split/batch/voice_clean/</c>), in as few requests as the service's 100 items a batch allow.
    /// </summary>
    /// <inheritdoc cref="SplitBatchAsync(IEnumerable{BatchItem{StemSeparatorPresets}}, BatchOptions, CancellationToken)"/>
    Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<VoiceCleanPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until a task has succeeded. All waits of a client share their checks. Cancelling a wait, or its time-out, leaves the task running: it can be waited for again with
    /// the same id, from any process, for 24 hours after its start.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="progress">Told about each state that is seen, the last one included.</param>
    /// <param name="timeout">How long to wait. By default as long as the service answers checks.</param>
    /// <param name="cancellationToken">Cancels the wait, not the task.</param>
    /// <returns>The task's tracks.</returns>
    /// <exception cref="LalalAiTaskException">The task failed, was cancelled, cannot be looked up, or has a status that is not known.</exception>
    /// <exception cref="TaskTimeoutException">The time-out passed.</exception>
    Task<TaskSucceeded> WaitAsync(TaskId task, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Follows a task: yields each change of its state, and ends after the first state that is final. A reader that is slow misses states, never the last one.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Cancels the watch, not the task.</param>
    IAsyncEnumerable<TaskState> WatchAsync(TaskId task, CancellationToken cancellationToken = default);

    /// <summary>Waits for many tasks, and yields the final state of each as it ends.</summary>
    /// <param name="tasks">The tasks, as many as wanted.</param>
    /// <param name="cancellationToken">Cancels the waits, not the tasks.</param>
    IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks for the state of tasks once (<c>POST /api/v1/check/</c>), in as few requests as the service's 200 ids a check allow, and within the limit of
    /// <see cref="LalalAiClientOptions.CheckRateLimiter"/>.
    /// </summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The state of each task; one that the answer leaves out is a <see cref="TaskLookupFailed"/>.</returns>
    Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default);

    /// <summary>
    /// Downloads a track into a folder. The content goes to <c>NAME.part</c> and gets its name when it is complete; a broken download is resumed, now or by the next call;
    /// an expired link is renewed.
    /// </summary>
    /// <param name="track">The track.</param>
    /// <param name="directory">The folder; it is made when it does not exist.</param>
    /// <param name="options">The name, and what happens when it is taken.</param>
    /// <param name="progress">Told about the bytes received.</param>
    /// <param name="cancellationToken">Cancels the download; what was received stays as <c>NAME.part</c>.</param>
    /// <returns>The complete file.</returns>
    /// <exception cref="LalalAiDownloadException">The track cannot be downloaded any more, or the folder cannot be written to.</exception>
    Task<DownloadedTrack> DownloadAsync(TaskTrack track, string directory, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Downloads a track into a stream. A broken download is resumed where it broke; the stream is flushed and left open.</summary>
    /// <param name="track">The track.</param>
    /// <param name="destination">Where the content goes. It need not be able to seek.</param>
    /// <param name="progress">Told about the bytes received.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>The number of bytes that were written.</returns>
    /// <exception cref="LalalAiDownloadException">The track cannot be downloaded any more, or changed while it was.</exception>
    Task<long> DownloadAsync(TaskTrack track, Stream destination, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Downloads all tracks of a task into a folder, some at the same time. A track that fails does not stop the others.</summary>
    /// <param name="task">The task, as a wait returned it.</param>
    /// <param name="directory">The folder; it is made when it does not exist.</param>
    /// <param name="options">The names, and what happens when one is taken.</param>
    /// <param name="progress">Told about the bytes received of all tracks together.</param>
    /// <param name="cancellationToken">Cancels the downloads.</param>
    /// <returns>What became of each track, in the order of <see cref="TaskSucceeded.Tracks"/>.</returns>
    Task<IReadOnlyList<TrackDownload>> DownloadAllAsync(TaskSucceeded task, string directory, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Separates one stem from a recording, from file to files: uploads it, starts the task, waits, and downloads every track, with one deadline over all of it.
    /// </summary>
    /// <param name="path">The file, 10 GB at most.</param>
    /// <param name="presets">What to do, and how.</param>
    /// <param name="directory">The folder for the tracks; it is made when it does not exist.</param>
    /// <param name="options">The deadline, the ceiling in minutes, whether to delete the source afterwards.</param>
    /// <param name="progress">Told about each phase.</param>
    /// <param name="cancellationToken">Cancels the job; a task that was started goes on.</param>
    /// <returns>The tracks. One that could not be downloaded is part of the result, with its error: the task was paid for.</returns>
    /// <exception cref="LalalAiCeilingException">The job would cost more than <see cref="SeparationOptions.MaxMinutes"/>; nothing was started.</exception>
    /// <exception cref="LalalAiTaskException">The task did not succeed.</exception>
    /// <exception cref="TimeoutException">The deadline passed; a <see cref="TaskTimeoutException"/> when the task was started already.</exception>
    Task<SeparationResult> SeparateAsync(string path, StemSeparatorPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Separates up to six stems from a recording, from file to files: uploads it, starts the task, waits, and downloads every track, with one deadline over all of it.
    /// </summary>
    /// <inheritdoc cref="SeparateAsync(string, StemSeparatorPresets, string, SeparationOptions, IProgress{SeparationProgress}, CancellationToken)"/>
    Task<SeparationResult> SeparateAsync(string path, MultistemPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Separates music from speech, from file to files: uploads it, starts the task, waits, and downloads every track, with one deadline over all of it.
    /// </summary>
    /// <inheritdoc cref="SeparateAsync(string, StemSeparatorPresets, string, SeparationOptions, IProgress{SeparationProgress}, CancellationToken)"/>
    Task<SeparationResult> SeparateAsync(string path, DemuserPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cleans a voice from noise, from file to files: uploads it, starts the task, waits, and downloads every track, with one deadline over all of it.
    /// </summary>
    /// <inheritdoc cref="SeparateAsync(string, StemSeparatorPresets, string, SeparationOptions, IProgress{SeparationProgress}, CancellationToken)"/>
    Task<SeparationResult> SeparateAsync(string path, VoiceCleanPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes the voice in a recording, from file to files: uploads it, starts the task, waits, and downloads every track, with one deadline over all of it.
    /// </summary>
    /// <inheritdoc cref="SeparateAsync(string, StemSeparatorPresets, string, SeparationOptions, IProgress{SeparationProgress}, CancellationToken)"/>
    Task<SeparationResult> ChangeVoiceAsync(string path, VoiceChangePresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Cancels tasks (<c>POST /api/v1/cancel/</c>).</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What became of each.</returns>
    Task<IReadOnlyDictionary<TaskId, CancelOutcome>> CancelAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default);

    /// <summary>Cancels every task of the license key that is in progress, whoever started it (<c>POST /api/v1/cancel/all/</c>).</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What became of each task that there was.</returns>
    Task<IReadOnlyDictionary<TaskId, CancelOutcome>> CancelAllAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a source and the tracks made of it (<c>POST /api/v1/delete/</c>), and cancels the tasks that still run on it. Download first: links may work for up to another hour, or not.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteAsync(SourceId source, CancellationToken cancellationToken = default);

    /// <summary>Returns the minutes that the license key can still spend (<c>POST /api/v1/limits/minutes_left/</c>).</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<double> GetMinutesLeftAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the license key's own voice packs (<c>POST /api/v1/voice_packs/list/</c>), for <see cref="ChangeVoiceAsync(SourceId, VoiceChangePresets, StartOptions, CancellationToken)"/>.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<VoicePack>> GetVoicePacksAsync(CancellationToken cancellationToken = default);
}
