using LalalAi.Downloads;
using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Polling;
using LalalAi.Separation;
using LalalAi.Starts;
using LalalAi.Telemetry;
using LalalAi.Unions;
using LalalAi.Uploads;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LalalAi;

/// <inheritdoc cref="ILalalAiClient"/>
public sealed class LalalAiClient : ILalalAiClient
{
    private readonly LalalAiClientOptions _options;
    private readonly HttpClients _clients;
    private readonly ApiCaller _api;
    private readonly FileUploader _uploader;
    private readonly TaskStarter _starter;
    private readonly BatchStarter _batches;
    private readonly TaskPoller _poller;
    private readonly TrackDownloader _downloader;

    /// <summary>Makes a client of the real service.</summary>
    /// <param name="licenseKey">The license key, from the account page of LALAL.AI.</param>
    /// <exception cref="ArgumentException">The key is empty, or cannot be one.</exception>
    public LalalAiClient(string licenseKey)
        : this(new LalalAiClientOptions { LicenseKey = licenseKey })
    {
    }

    /// <summary>Makes a client with connections of its own.</summary>
    /// <param name="options">The settings; they are copied.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which, and what to write instead.</exception>
    public LalalAiClient(LalalAiClientOptions options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Freeze(), HttpClients.Create)
    {
    }

    internal LalalAiClient(LalalAiClientOptions options, Func<LalalAiClientOptions, HttpClients> connect)
    {
        ILogger logger = options.LoggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance;
        _options = options;
        _clients = connect(options);
        _api = new ApiCaller(_clients, options, logger);
        _uploader = new FileUploader(_api, options);
        _starter = new TaskStarter(_api, options);
        _batches = new BatchStarter(_api, _starter);
        _poller = new TaskPoller(_api, options, logger);
        _downloader = new TrackDownloader(_clients, CheckOneAsync, options, logger);
    }

    /// <inheritdoc/>
    public ILalalAiApiClient Raw => _api.Raw;

    /// <inheritdoc/>
    public Task<SourceFile> UploadAsync(string path, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UploadAsync(new FileInfo(path ?? throw new ArgumentNullException(nameof(path))), progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceFile> UploadAsync(FileInfo file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _uploader.UploadAsync(file, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceFile> UploadAsync(Stream content, string fileName, bool leaveOpen = false, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _uploader.UploadAsync(content, fileName, leaveOpen, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceFile> UploadAsync(ReadOnlyMemory<byte> content, string fileName, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _uploader.UploadAsync(content, fileName, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskId> SplitAsync(SourceId source, StemSeparatorPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(StartKinds.StemSeparator, source, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskId> SplitAsync(SourceId source, MultistemPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(StartKinds.Multistem, source, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskId> SplitAsync(SourceId source, DemuserPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(StartKinds.Demuser, source, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskId> SplitAsync(SourceId source, VoiceCleanPresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(StartKinds.VoiceClean, source, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskId> ChangeVoiceAsync(SourceId source, VoiceChangePresets presets, StartOptions? options = null, CancellationToken cancellationToken = default) =>
        _starter.StartAsync(StartKinds.VoiceChange, source, presets, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<StemSeparatorPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _batches.StartAsync(StartKinds.StemSeparator, items, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<DemuserPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _batches.StartAsync(StartKinds.Demuser, items, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskStart>> SplitBatchAsync(IEnumerable<BatchItem<VoiceCleanPresets>> items, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _batches.StartAsync(StartKinds.VoiceClean, items, options, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskSucceeded> WaitAsync(TaskId task, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _poller.WaitAsync(task, progress, timeout, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskState> WatchAsync(TaskId task, CancellationToken cancellationToken = default) => _poller.WatchAsync(task, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskState> WhenEachAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default) => _poller.WhenEachAsync(tasks, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<TaskId, TaskState>> CheckAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default) => _poller.CheckAsync(tasks, cancellationToken);

    /// <inheritdoc/>
    public Task<DownloadedTrack> DownloadAsync(TaskTrack track, string directory, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _downloader.DownloadAsync(track, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DownloadAsync(TaskTrack track, Stream destination, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _downloader.DownloadAsync(track, destination, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TrackDownload>> DownloadAllAsync(TaskSucceeded task, string directory, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _downloader.DownloadAllAsync(task, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SeparationResult> SeparateAsync(string path, StemSeparatorPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RunJobAsync(StartKinds.StemSeparator, path, presets, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SeparationResult> SeparateAsync(string path, MultistemPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RunJobAsync(StartKinds.Multistem, path, presets, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SeparationResult> SeparateAsync(string path, DemuserPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RunJobAsync(StartKinds.Demuser, path, presets, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SeparationResult> SeparateAsync(string path, VoiceCleanPresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RunJobAsync(StartKinds.VoiceClean, path, presets, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<SeparationResult> ChangeVoiceAsync(string path, VoiceChangePresets presets, string directory, SeparationOptions? options = null, IProgress<SeparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        RunJobAsync(StartKinds.VoiceChange, path, presets, directory, options, progress, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<TaskId, CancelOutcome>> CancelAsync(IEnumerable<TaskId> tasks, CancellationToken cancellationToken = default)
    {
        var ids = (tasks ?? throw new ArgumentNullException(nameof(tasks))).Distinct().ToList();
        if (ids.Count == 0)
        {
            return new Dictionary<TaskId, CancelOutcome>();
        }

        var request = new CancelRequest { TaskIds = [.. ids.Select(id => id.Value)] };
        var response = await _api.CallAsync("Cancel", OperationKind.Free, (raw, attempt) => raw.CancelAsync(request, attempt), cancellationToken).ConfigureAwait(false);
        return ids.ToDictionary(id => id, id => UnionReader.ReadCancelOutcome(id, response.Result.TryGetValue(id.Value, out var outcome) ? outcome : null));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<TaskId, CancelOutcome>> CancelAllAsync(CancellationToken cancellationToken = default)
    {
        var response = await _api.CallAsync("CancelAll", OperationKind.Free, (raw, attempt) => raw.CancelAllAsync(attempt), cancellationToken).ConfigureAwait(false);
        return response.Result.ToDictionary(entry => new TaskId(entry.Key), entry => UnionReader.ReadCancelOutcome(new TaskId(entry.Key), entry.Value));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(SourceId source, CancellationToken cancellationToken = default)
    {
        var request = new DeleteParameters { SourceId = source.Value };
        return _api.CallAsync("Delete", OperationKind.Free, (raw, attempt) => raw.DeleteAsync(request, attempt), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<double> GetMinutesLeftAsync(CancellationToken cancellationToken = default)
    {
        var response = await _api.CallAsync("MinutesLeft", OperationKind.Free, (raw, attempt) => raw.LimitsMinutesLeftAsync(attempt), cancellationToken).ConfigureAwait(false);
        return response.MinutesLeft;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<VoicePack>> GetVoicePacksAsync(CancellationToken cancellationToken = default)
    {
        var response = await _api.CallAsync("VoicePacks", OperationKind.Free, (raw, attempt) => raw.VoicePacksListAsync(attempt), cancellationToken).ConfigureAwait(false);
        return [.. response.Packs.Select(VoicePack.From)];
    }

    /// <summary>Ends the client's waits and closes its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _poller.DisposeAsync().ConfigureAwait(false);
        _clients.Dispose();
    }

    /// <summary>Ends the client's waits and closes its connections, without waiting for a check that is under way.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        _clients.Dispose();
    }

    private async Task<SeparationResult> RunJobAsync<TPresets>(
        StartKind<TPresets> kind,
        string path,
        TPresets presets,
        string directory,
        SeparationOptions? options,
        IProgress<SeparationProgress>? progress,
        CancellationToken cancellationToken)
        where TPresets : class
    {
        _starter.CheckPresets(kind, presets);
        var job = new SeparationJob(this, options, progress, _options.TimeProvider);
        return await job.RunAsync(path, kind.CountStems(presets), (source, start, token) => _starter.StartAsync(kind, source, presets, start, token), directory, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TaskState> CheckOneAsync(TaskId task, CancellationToken cancellationToken)
    {
        var states = await _poller.CheckAsync([task], cancellationToken).ConfigureAwait(false);
        return states[task];
    }
}
