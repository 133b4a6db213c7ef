namespace LalalAi.Cli.Display;

/// <summary>
/// The progress of a run: its files in progress, and the total. A file is weighted by its size, so that a long recording does not appear to
/// be finished early.
/// </summary>
internal sealed class RunProgress(TimeProvider timeProvider)
{
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly List<FileRow> _rows = [];
    private readonly long _began = timeProvider.GetTimestamp();
    private long? _workBegan;
    private long _begun;
    private int _files;
    private int _ended;
    private long _bytes;
    private long _endedBytes;
    private double _endedMinutes;
    private (string Reason, long At, TimeSpan Delay)? _pause;

    public void Expect(int files, long bytes)
    {
        lock (_lock)
        {
            _files += files;
            _bytes += bytes;
        }
    }

    public FileRow Add(string name, long size)
    {
        lock (_lock)
        {
            var row = new FileRow(name, size, _begun++, timeProvider, Remove);
            _rows.Add(row);
            return row;
        }
    }

    /// <summary>Counts a file as finished.</summary>
    public void CountEnd()
    {
        lock (_lock)
        {
            _ended++;
            _files = Math.Max(_files, _ended);
        }
    }

    public void Pause(string reason, TimeSpan delay)
    {
        lock (_lock)
        {
            _pause = (reason, timeProvider.GetTimestamp(), delay);
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _pause = null;
        }
    }

    /// <summary>Returns as many files as fit, those with the most to see, in the order in which they began.</summary>
    public (IReadOnlyList<FileRow> Rows, int Hidden) Visible(int count)
    {
        lock (_lock)
        {
            var visible = _rows.OrderBy(row => row.Rank).ThenBy(row => row.Number).Take(count);
            return ([.. visible.OrderBy(row => row.Number)], Math.Max(0, _rows.Count - count));
        }
    }

    /// <summary>Returns the sum of all files.</summary>
    public RunTotal Sum()
    {
        lock (_lock)
        {
            if (_rows.Any(row => row.Phase >= Phase.Uploading))
            {
                _workBegan ??= timeProvider.GetTimestamp();
            }

            double? fraction = _bytes > 0 ? Math.Clamp((_endedBytes + _rows.Sum(row => row.Size * row.Overall)) / _bytes, 0, 1) : null;
            var pause = _pause is { } paused && paused.Delay - timeProvider.GetElapsedTime(paused.At) is var left && left > TimeSpan.Zero
                ? CellText.Pause(paused.Reason, left)
                : null;
            return new RunTotal(_files, _ended, fraction, timeProvider.GetElapsedTime(_began), pause)
            {
                Bytes = _bytes,
                UploadedBytes = _endedBytes + (long)_rows.Sum(row => row.UploadedBytes),
                Minutes = _endedMinutes + _rows.Sum(row => row.Minutes ?? 0),
                ProcessedMinutes = _endedMinutes + _rows.Sum(row => row.ProcessedMinutes),
                Remaining = Extrapolate(fraction),
            };
        }
    }

    private TimeSpan? Extrapolate(double? fraction) =>
        _workBegan is { } began
            && timeProvider.GetElapsedTime(began) is var elapsed
            && elapsed >= ShortestMeasurement
            && fraction is > 0.001 and < 1
            ? elapsed / fraction.Value * (1 - fraction.Value)
            : null;

    private void Remove(FileRow row)
    {
        lock (_lock)
        {
            _rows.Remove(row);
            if (row.Phase < Phase.Uploading)
            {
                // No files had to be processed.
                _bytes -= Math.Min(_bytes, row.Size);
                return;
            }

            _endedBytes += row.Size;
            _endedMinutes += row.Minutes ?? 0;
        }
    }
}

/// <summary>The sum of all files of a run.</summary>
/// <param name="Files">The number of files.</param>
/// <param name="Ended">The number of files that are finished, skipped or failed.</param>
/// <param name="Fraction">The finished part, from 0 to 1, or <see langword="null"/> if it is not known.</param>
/// <param name="Elapsed">The time since the beginning.</param>
/// <param name="Pause">The reason why checks pause, or <see langword="null"/>.</param>
internal sealed record RunTotal(int Files, int Ended, double? Fraction, TimeSpan Elapsed, string? Pause)
{
    public long Bytes { get; init; }

    public long UploadedBytes { get; init; }

    /// <summary>The total of the known prices of started tasks.</summary>
    public double Minutes { get; init; }

    public double ProcessedMinutes { get; init; }

    public TimeSpan? Remaining { get; init; }
}
