using LalalAi.Http;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>Brings tracks from their links to files and streams.</summary>
internal sealed class TrackDownloader
{
    public TrackDownloader(HttpClients clients, Func<TaskId, CancellationToken, Task<TaskState>> check, LalalAiClientOptions options, ILogger logger)
    {
        _ = (clients, check, options, logger);
    }

    public Task<DownloadedTrack> DownloadAsync(TaskTrack track, string directory, DownloadOptions? options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> DownloadAsync(TaskTrack track, Stream destination, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<TrackDownload>> DownloadAllAsync(TaskSucceeded task, string directory, DownloadOptions? options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();
}
