namespace LalalAi.Downloads;

/// <summary>Adds up the progress of several transfers.</summary>
internal sealed class CombinedProgress
{
    private readonly object _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly IProgress<TransferProgress> _progress;
    private readonly long _started;
    private readonly TransferProgress?[] _parts;
    private readonly long?[] _totals;
    private long _moved;

    /// <param name="timeProvider">The clock for the rate.</param>
    /// <param name="progress">Receives the sums.</param>
    /// <param name="expected">The size of each transfer, if it is known in advance.</param>
    public CombinedProgress(TimeProvider timeProvider, IProgress<TransferProgress> progress, IEnumerable<long?> expected)
    {
        _timeProvider = timeProvider;
        _progress = progress;
        _started = timeProvider.GetTimestamp();
        _totals = [.. expected];
        _parts = new TransferProgress?[_totals.Length];
    }

    /// <summary>Returns the receiver for one of the transfers.</summary>
    public IProgress<TransferProgress> Part(int index) => new PartProgress(this, index);

    private void Report(int index, TransferProgress part)
    {
        // The receiver is called under the lock, so that the numbers arrive in order.
        lock (_gate)
        {
            // Bytes before the first report were not transferred by this call. Discarded bytes were.
            _moved += _parts[index] is { } before ? Math.Max(0, part.BytesTransferred - before.BytesTransferred) : 0;
            _parts[index] = part;
            _totals[index] = part.TotalBytes ?? _totals[index];
            var seconds = _timeProvider.GetElapsedTime(_started).TotalSeconds;
            _progress.Report(new TransferProgress(
                _parts.Sum(each => each?.BytesTransferred ?? 0),
                _totals.All(total => total is not null) ? _totals.Sum() : null,
                seconds > 0 ? _moved / seconds : 0));
        }
    }

    private sealed class PartProgress(CombinedProgress whole, int index) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => whole.Report(index, value);
    }
}
