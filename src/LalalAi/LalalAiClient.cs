using LalalAi.Downloads;
using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Models;
using LalalAi.Polling;
using LalalAi.Tasks;
using LalalAi.Telemetry;
using LalalAi.Uploads;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LalalAi;

/// <inheritdoc cref="ILalalAiClient"/>
#if NET
[System.Diagnostics.CodeAnalysis.RequiresDynamicCode("JSON is read and written with Newtonsoft.Json, which native AOT does not support.")]
#endif
public sealed class LalalAiClient : ILalalAiClient
{
    private readonly HttpClients _clients;
    private readonly ApiCaller _api;
    private readonly FileUploader _uploader;
    private readonly TaskStarter _starter;
    private readonly BatchStarter _batches;
    private readonly TaskPoller _poller;
    private readonly TrackDownloader _downloader;
    private readonly TransferLimiter _uploads;
    private readonly TransferLimiter _downloads;

    /// <summary>Creates a client of the real service.</summary>
    /// <param name="licenseKey">The license key, from the account page of LALAL.AI.</param>
    /// <exception cref="ArgumentException">The key is empty or contains characters that no key has.</exception>
    public LalalAiClient(string licenseKey)
        : this(new LalalAiClientOptions { LicenseKey = licenseKey })
    {
    }

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="options">The options. They are copied.</param>
    /// <exception cref="ArgumentException">An option is not valid. The message says which one, and what to write instead.</exception>
    public LalalAiClient(LalalAiClientOptions options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Freeze(), clients: null)
    {
    }

    internal LalalAiClient(LalalAiClientOptions options, HttpClients? clients)
    {
        var logger =
            options.LoggerFactory?.CreateLogger(Log.Category) is { } theirs ? new SafeLogger(theirs) : (ILogger)NullLogger.Instance;
        BaseAddress = options.BaseAddress;
        _clients = clients ?? new HttpClients(options);
        _api = new ApiCaller(_clients, options, logger);
        _uploads = new TransferLimiter(options.MaxConcurrentUploads);
        _uploader = new FileUploader(_api, _uploads, options);
        _starter = new TaskStarter(_api, options);
        _batches = new BatchStarter(_api, _starter, options);
        _poller = new TaskPoller(_api, options, logger);
        _downloads = new TransferLimiter(options.MaxConcurrentDownloads);
        _downloader = new TrackDownloader(_clients, CheckOneAsync, _downloads, options, logger);
    }

    /// <inheritdoc/>
    public Uri BaseAddress { get; }

    internal bool IsDisposed => _clients.IsDisposed;

    /// <inheritdoc/>
    public Task<SourceFile> UploadAsync(
        Stream content,
        string fileName,
        UploadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        _uploader.UploadAsync(content, fileName, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteSourceAsync(SourceId sourceId, CancellationToken cancellationToken = default)
    {
        var request = new DeleteParameters { SourceId = sourceId.Value };
        return _api.CallAsync("Delete", (raw, attempt) => raw.DeleteAsync(request, attempt), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TaskId> StartAsync(
        SourceId sourceId, TaskPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(sourceId, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StartResult>> StartBatchAsync(
        IEnumerable<StartRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _batches.StartAsync(requests, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(
        IEnumerable<TaskId> taskIds, CheckOptions? options = null, CancellationToken cancellationToken = default) =>
        _poller.CheckAsync(taskIds, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskSucceeded> WaitAsync(
        TaskId taskId, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        LalalAiTelemetry.TraceAsync("Wait", activity =>
        {
            activity?.SetTag("lalalai.task_id", taskId.Value);
            return _poller.WaitAsync(taskId, progress, timeout, cancellationToken);
        });

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskState> WatchAsync(TaskId taskId, CancellationToken cancellationToken = default) =>
        _poller.WatchAsync(taskId, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default) =>
        _poller.WhenEachAsync(taskIds, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAsync(
        IEnumerable<TaskId> taskIds, CancellationToken cancellationToken = default)
    {
        var ids = (taskIds ?? throw new ArgumentNullException(nameof(taskIds))).Distinct().ToList();
        if (ids.Count == 0)
        {
            return new Dictionary<TaskId, CancelResult>();
        }

        var request = new CancelRequest { TaskIds = [.. ids.Select(id => id.Value)] };
        var response =
            await _api.CallAsync("Cancel", (raw, attempt) => raw.CancelAsync(request, attempt), cancellationToken).ConfigureAwait(false);
        var results = ReadCancelResults(response);
        return ids.ToDictionary(id => id, id => results.TryGetValue(id, out var result) ? result : UnionReader.ReadCancelResult(id, null));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<TaskId, CancelResult>> CancelAllAsync(CancellationToken cancellationToken = default)
    {
        var response =
            await _api.CallAsync("CancelAll", (raw, attempt) => raw.CancelAllAsync(attempt), cancellationToken).ConfigureAwait(false);
        return ReadCancelResults(response);
    }

    /// <inheritdoc/>
    public Task<TrackStream> OpenReadAsync(TaskTrack track, long offset = 0, CancellationToken cancellationToken = default) =>
        _downloader.OpenReadAsync(track, offset, cancellationToken);

    /// <inheritdoc/>
    public Task<DownloadedFile> DownloadAsync(
        TaskTrack track,
        string directory,
        DownloadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        _downloader.DownloadAsync(track, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public async Task<double?> GetMinutesLeftAsync(CancellationToken cancellationToken = default)
    {
        var response = await _api
            .CallAsync("MinutesLeft", (raw, attempt) => raw.LimitsMinutesLeftAsync(attempt), cancellationToken)
            .ConfigureAwait(false);
        return response.MinutesLeft;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<VoicePack>> GetVoicePacksAsync(CancellationToken cancellationToken = default)
    {
        var response =
            await _api.CallAsync("VoicePacks", (raw, attempt) => raw.VoicePacksListAsync(attempt), cancellationToken).ConfigureAwait(false);
        return [.. response.Packs.Select(VoicePack.From)];
    }

    /// <inheritdoc/>
    public Task<T> SendAsync<T>(
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call,
        CallOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            call ?? throw new ArgumentNullException(nameof(call)), options ?? new CallOptions(), _poller.CheckAsync, cancellationToken);

    /// <summary>Ends the client's waits and closes its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _poller.DisposeAsync().ConfigureAwait(false);
        DisposeTransfers();
    }

    /// <summary>Ends the client's waits and closes its connections. It does not wait for a check in progress.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        DisposeTransfers();
    }

    // A task ID has more than one spelling.
    private static Dictionary<TaskId, CancelResult> ReadCancelResults(CancelResponse response) => response.Result
        .GroupBy(entry => new TaskId(entry.Key))
        .ToDictionary(task => task.Key, task => UnionReader.ReadCancelResult(task.Key, task.First().Value));

    private void DisposeTransfers()
    {
        _uploads.Dispose();
        _downloads.Dispose();
        _clients.Dispose();
    }

    private async Task<TaskState> CheckOneAsync(TaskId taskId, CancellationToken cancellationToken)
    {
        var states = await _poller.CheckAsync([taskId], null, cancellationToken).ConfigureAwait(false);
        return states[taskId];
    }
}
