namespace LalalAi.Cli.Connection;

/// <summary>A number of bytes per second that all transfers of a command share.</summary>
internal sealed class BandwidthLimit(long bytesPerSecond, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly long _began = timeProvider.GetTimestamp();
    private TimeSpan _free;

    /// <summary>The maximum number of bytes to transfer at once, so that a transfer makes steady progress.</summary>
    public int PartSize { get; } = (int)Math.Clamp(bytesPerSecond / 8, 1024, 64 * 1024);

    /// <summary>Waits until more bytes may be transferred.</summary>
    public Task WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan delay;
        lock (_lock)
        {
            var now = timeProvider.GetElapsedTime(_began);
            delay = _free > now ? _free - now : TimeSpan.Zero;
            _free = now + delay + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        }

        return delay > TimeSpan.Zero ? Task.Delay(delay, timeProvider, cancellationToken) : Task.CompletedTask;
    }
}
