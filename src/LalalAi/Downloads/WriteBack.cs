using System.Runtime.ExceptionServices;

namespace LalalAi.Downloads;

/// <summary>
/// Brings what is written to a file to the disk while more arrives, so that at the end there is little left to wait for. The file must have no buffer of its own: a flush that
/// runs beside a write then touches nothing but the disk.
/// </summary>
/// <remarks>
/// A disk tells of a failure once, and may then have forgotten what it could not keep: only what an earlier flush brought to it can be relied on.
/// </remarks>
internal sealed class WriteBack(FileStream file)
{
    /// <summary>What may be on its way to the disk before the disk is told to hurry.</summary>
    internal const int Interval = 64 * 1024 * 1024;

    private long _written;
    private long _safe = file.Length;
    private Task _flush = Task.CompletedTask;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Notes what was written, and flushes beside what comes next when it is time.</summary>
    public void Add(int count)
    {
        _written += count;
        if (_written >= Interval && _flush.IsCompleted)
        {
            _written = 0;
            var length = file.Length;
            _flush = Task.Run(() => Flush(length));
        }

        _failure?.Throw();
    }

    /// <summary>Waits until every byte is on the disk.</summary>
    public void Complete()
    {
        Stop();
        _failure?.Throw();
        Flush(file.Length);
        _failure?.Throw();
    }

    /// <summary>Waits for a flush that is under way. The file stays locked until it ends, closed or not, and nobody else can go on with it.</summary>
    /// <returns>The length that the disk has kept, or <see langword="null"/> when it has refused nothing.</returns>
    public long? Stop()
    {
        _flush.GetAwaiter().GetResult();
        return _failure is null ? null : _safe;
    }

    private void Flush(long length)
    {
        try
        {
            file.Flush(flushToDisk: true);
            _safe = length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
