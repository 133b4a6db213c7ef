using LalalAi.Downloads.Naming;

namespace LalalAi.Downloads;

/// <summary>A <see cref="TrackStream"/> over a reader.</summary>
/// <param name="track">The track.</param>
/// <param name="reader">The reader, which was opened.</param>
/// <param name="complete">Called once, at the end of the content, on a failure, or when the stream is disposed.</param>
internal sealed class ResumingTrackStream(TaskTrack track, TrackReader reader, Action<Exception?> complete) : TrackStream
{
    private Action<Exception?>? _complete = complete;

    public override long? TotalBytes => reader.Total;

    public override string? ContentType => reader.Head?.MediaType ?? track.ContentType;

    public override string FileName { get; } = DefaultFileName.Choose(track, reader.Head);

    public override long Position
    {
        get => reader.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadCoreAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

#if NET
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReadCoreAsync(buffer, cancellationToken);
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
            Complete(null);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        try
        {
            var read = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                Complete(null);
            }

            return read;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Complete(exception);
            throw;
        }
    }

    private void Complete(Exception? exception) => Interlocked.Exchange(ref _complete, null)?.Invoke(exception);
}
