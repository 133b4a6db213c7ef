using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>Brings tracks from their links to files and streams.</summary>
internal sealed class TrackDownloader(HttpClients clients, Func<TaskId, CancellationToken, Task<TaskState>> check, LalalAiClientOptions options, ILogger logger, PartDisk? disk = null)
{
    private readonly PartDisk _disk = disk ?? new PartDisk();

    public async Task<DownloadedFile> DownloadAsync(TaskTrack track, string directory, DownloadOptions? naming, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfNull(track, nameof(track));
        var destination = DownloadDestination.Of(directory, naming);
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

    public Task<TrackStream> OpenReadAsync(TaskTrack track, long offset, CancellationToken cancellationToken) => throw new NotSupportedException();

    private async Task<DownloadedFile> DownloadAsync(TaskTrack track, DownloadDestination destination, PathReservations reservations, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
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
}
