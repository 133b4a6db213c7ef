using System.Diagnostics;
using LalalAi.Downloads.Naming;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>Downloads tracks to files and streams, a limited number at the same time.</summary>
internal sealed class TrackDownloader(
    HttpClients clients,
    Func<TaskId, CancellationToken, Task<TaskState>> check,
    TransferLimiter limiter,
    LalalAiClientOptions options,
    ILogger logger)
{
    public async Task<DownloadedFile> DownloadAsync(
        TaskTrack track,
        string directory,
        DownloadOptions? downloadOptions,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        ThrowIfNull(track);
        var destination = DownloadDestination.Of(directory, downloadOptions);
        using var ownReservations = downloadOptions?.Reservations is null ? new PathReservations() : null;
        var turn = await limiter.EnterAsync(cancellationToken).ConfigureAwait(false);
        var download = new Operation(turn, options.TimeProvider);
        Exception? failure = null;
        try
        {
            download.Reader = CreateReader(track, offset: 0, canStartOver: true);
            var meter = new TransferMeter(options.TimeProvider, progress, null);
            var reservations = downloadOptions?.Reservations ?? ownReservations!;
            var file = new FileDownload(track, destination, reservations, download.Reader, meter, options.TimeProvider);
            await using (file.ConfigureAwait(false))
            {
                return await file.RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            download.End(failure);
        }
    }

    public async Task<TrackStream> OpenReadAsync(TaskTrack track, long offset, CancellationToken cancellationToken)
    {
        ThrowIfNull(track);
        if (offset < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset must be 0 or more.");
        }

        var turn = await limiter.EnterAsync(cancellationToken).ConfigureAwait(false);
        var download = new Operation(turn, options.TimeProvider);
        try
        {
            download.Reader = CreateReader(track, offset, canStartOver: false);
            await download.Reader.OpenAsync(cancellationToken).ConfigureAwait(false);
            return new ResumingTrackStream(track, download.Reader, download.End);
        }
        catch (Exception exception)
        {
            download.End(exception);
            throw;
        }
    }

    private TrackReader CreateReader(TaskTrack track, long offset, bool canStartOver) =>
        new(clients, new TrackLink(track, check), offset, canStartOver, options, logger);

    private static void ThrowIfNull(TaskTrack? track)
    {
        if (track is null)
        {
            throw new ArgumentNullException(nameof(track));
        }
    }

    /// <summary>One download: its place in the queue, its reader, and its telemetry.</summary>
    private sealed class Operation(IDisposable turn, TimeProvider timeProvider)
    {
        private readonly Activity? _activity = LalalAiTelemetry.StartOperation("Download");
        private readonly long _started = timeProvider.GetTimestamp();

        public TrackReader? Reader { get; set; }

        public void End(Exception? exception)
        {
            var elapsed = timeProvider.GetElapsedTime(_started);
            Reader?.Dispose();
            LalalAiTelemetry.RecordOperation(_activity, "Download", exception, Reader?.Retries ?? 0, elapsed);
            LalalAiTelemetry.RecordTransfer("download", Reader?.Received ?? 0);
            turn.Dispose();

            // A stream may be disposed within another activity.
            var current = Activity.Current;
            _activity?.Dispose();
            Activity.Current = current == _activity ? _activity?.Parent : current;
        }
    }
}
