using System.Runtime.ExceptionServices;

namespace LalalAi.Downloads;

/// <summary>
/// Brings what is written to a file to the disk while more arrives, so that at the end there is little left to wait for. The file must have no buffer of its own: a flush that
/// runs beside a write then touches nothing but the disk.
/// </summary>
internal sealed class WriteBack(FileStream file)
{
    /// <summary>What may be on its way to the disk before the disk is told to hurry.</summary>
    internal const int Interval = 64 * 1024 * 1024;

    private long _written;
    private Task _flush = Task.CompletedTask;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Notes what was written, and flushes beside what comes next when it is time.</summary>
    public void Add(int count)
    {
        _written += count;
        if (_written >= Interval && _flush.IsCompleted)
        {
            _written = 0;
            _flush = Task.Run(Flush);
        }

        // A disk tells of a failure once.
        _failure?.Throw();
    }

    /// <summary>Waits until every byte is on the disk.</summary>
    public void Complete()
    {
        Stop();
        _failure?.Throw();
        file.Flush(flushToDisk: true);
    }

    /// <summary>Waits for a flush that is under way. The file stays locked until it ends, closed or not, and nobody else can go on with it.</summary>
    public void Stop() => _flush.GetAwaiter().GetResult();

    private void Flush()
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
