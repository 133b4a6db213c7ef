using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>Brings tracks from their links to files and streams.</summary>
internal sealed class TrackDownloader(HttpClients clients, Func<TaskId, CancellationToken, Task<TaskState>> check, LalalAiClientOptions options, ILogger logger, PartDisk? disk = null)
{
    private readonly PartDisk _disk = disk ?? new PartDisk();

    public async Task<DownloadedTrack> DownloadAsync(TaskTrack track, string directory, DownloadOptions? naming, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfNull(track, nameof(track));
        var destination = Destination.From(directory, naming);
        using var reservations = new PathReservations();
        return await DownloadAsync(track, destination, reservations, progress, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> DownloadAsync(TaskTrack track, Stream destination, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfNull(track, nameof(track));
        ThrowIfNull(destination, nameof(destination));
        if (!destination.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written to.", nameof(destination));
        }

        var target = new StreamTarget(destination);
        return await TransferAsync(
            track,
            target,
            async () =>
            {
                await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
                return target.Length;
            },
            progress,
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<TrackDownload>> DownloadAllAsync(TaskSucceeded task, string directory, DownloadOptions? naming, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfNull(task, nameof(task));
        var destination = Destination.From(directory, naming);
        var combined = progress is null ? null : new CombinedProgress(options.TimeProvider, progress, task.Tracks.Select(track => track.Track.Size));
        using var reservations = new PathReservations();
        using var limit = new SemaphoreSlim(options.MaxParallelDownloads);
        var downloads = await Task.WhenAll(task.Tracks.Select(async (track, index) =>
        {
            try
            {
                await limit.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    var file = await DownloadAsync(track, destination, reservations, combined?.Part(index), cancellationToken).ConfigureAwait(false);
                    return new TrackDownload(track, file, null);
                }
                finally
                {
                    limit.Release();
                }
            }
            catch (Exception exception)
            {
                return new TrackDownload(track, null, exception);
            }
        })).ConfigureAwait(false);
        return cancellationToken.IsCancellationRequested && downloads.Any(download => download.Error is OperationCanceledException)
            ? throw new OperationCanceledException("The downloads were cancelled.", cancellationToken)
            : downloads;
    }

    private async Task<DownloadedTrack> DownloadAsync(TaskTrack track, Destination destination, PathReservations reservations, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var target = new FileTarget(_disk, track, destination.Directory, destination.Template, destination.Existing, reservations);
        // Bringing a large file to the disk blocks for as long as the disk takes.
        return await TransferAsync(track, target, () => Task.Run(target.Finish, CancellationToken.None), progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> TransferAsync<T>(TaskTrack track, IDownloadTarget target, Func<Task<T>> finish, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using var activity = LalalAiTelemetry.StartOperation("Download");
        var started = options.TimeProvider.GetTimestamp();
        var meter = new TransferMeter(options.TimeProvider, progress, null);
        TrackTransfer? transfer = null;
        Exception? error = null;
        try
        {
            transfer = new TrackTransfer(clients, new DownloadLink(track, check), target, meter, options, logger);
            await transfer.RunAsync(cancellationToken).ConfigureAwait(false);
            return await finish().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
        {
            throw new OperationCanceledException("The download was cancelled.", error = exception, cancellationToken);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            LalalAiTelemetry.RecordOperation(activity, "Download", error, transfer?.Repetitions ?? 0, options.TimeProvider.GetElapsedTime(started));
            LalalAiTelemetry.RecordTransfer("download", transfer?.Received ?? 0);
        }
    }

    private static void ThrowIfNull(object? argument, string name)
    {
        if (argument is null)
        {
            throw new ArgumentNullException(name);
        }
    }

    /// <summary>The folder, and how files in it are named.</summary>
    private sealed record Destination(string Directory, NameTemplate? Template, ExistingFile Existing)
    {
        public static Destination From(string directory, DownloadOptions? options)
        {
            ThrowIfNull(directory, nameof(directory));
            return directory.Trim().Length == 0
                ? throw new ArgumentException("The folder is empty; write . for the current one.", nameof(directory))
                : new Destination(Path.GetFullPath(directory), NameTemplate.Parse(options?.NameTemplate), options?.ExistingFile ?? ExistingFile.Rename);
        }
    }
}
