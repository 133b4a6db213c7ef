using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// The minutes and the disk space that a run may use. Each file reserves its part before its upload, as far as its length is known, and
/// again before its start; so nothing is uploaded or started that the limit, the balance or the disk does not cover.
/// </summary>
/// <param name="limit">The limit of <c>--max-minutes</c>, for everything that was ever started into the output folder.</param>
/// <param name="spent">What was started into the folder before this run, or <see langword="null"/> if a part of it is not known.</param>
/// <param name="balance">The minutes that were left at the beginning of the run, or <see langword="null"/> if they are not known.</param>
/// <param name="directory">The output folder.</param>
internal sealed class Budget(double? limit, double? spent, double? balance, string directory)
{
    // Minutes are sums of sixtieths.
    private const double Tolerance = 1e-6;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, (double Minutes, long Bytes)> _reserved = [];
    private double _startedMinutes;

    /// <summary>Reserves what a job needs, in the place of what it reserved before.</summary>
    /// <param name="job">The number of the job.</param>
    /// <param name="minutes">The price, or <see langword="null"/> if it is not known.</param>
    /// <param name="isFinal">Whether the start comes next, so that an unknown price stays unknown.</param>
    /// <param name="bytes">The expected size of the tracks.</param>
    /// <exception cref="JobException">Something does not suffice.</exception>
    public void Reserve(int job, double? minutes, bool isFinal, long bytes)
    {
        lock (_lock)
        {
            _reserved.Remove(job);
            var reserved = _reserved.Values.Sum(part => part.Minutes);
            if (limit is { } maximum)
            {
                CheckLimit(maximum, minutes, isFinal, reserved);
            }

            if (balance - _startedMinutes - reserved + Tolerance < minutes)
            {
                throw new JobException(Failure.NoMinutes(
                    $"There are not enough minutes left: the next file costs about {CellText.Minutes(minutes)}, and "
                        + $"{CellText.Minutes(Math.Max(0, balance!.Value - _startedMinutes - reserved))} are left."));
            }

            CheckDisk(bytes);
            _reserved[job] = (minutes ?? 0, bytes);
        }
    }

    /// <summary>Whether a job has its part.</summary>
    public bool HasReserved(int job)
    {
        lock (_lock)
        {
            return _reserved.ContainsKey(job);
        }
    }

    /// <summary>Counts a job as started; its start may be paid for from here on.</summary>
    public void Spend(int job, double? minutes)
    {
        lock (_lock)
        {
            _reserved[job] = (0, _reserved.GetValueOrDefault(job).Bytes);
            _startedMinutes += minutes ?? 0;
        }
    }

    /// <summary>Takes back a start that was rejected.</summary>
    public void Refund(double? minutes)
    {
        lock (_lock)
        {
            _startedMinutes -= minutes ?? 0;
        }
    }

    /// <summary>Ends what a job reserved.</summary>
    public void Release(int job)
    {
        lock (_lock)
        {
            _reserved.Remove(job);
        }
    }

    private void CheckLimit(double maximum, double? minutes, bool isFinal, double reserved)
    {
        if (spent is null)
        {
            throw new JobException(Failure.OverLimit(
                "The price of something that was started into this output folder is not known, so --max-minutes cannot be checked. "
                    + "Run without it, or choose another output folder with -o."));
        }

        if (minutes is null && isFinal)
        {
            throw new JobException(new Failure(
                ExitCode.Minutes,
                "The service did not return the length of the file, so --max-minutes cannot be checked. "
                    + "Nothing was started. Run without it to process the file."));
        }

        var used = spent.Value + _startedMinutes + reserved;
        if (used + minutes > maximum + Tolerance)
        {
            throw new JobException(Failure.OverLimit(
                $"The limit of --max-minutes {CellText.Minutes(maximum)} is reached: {CellText.Minutes(used)} minutes are spent on "
                    + $"this output folder, and the next file costs about {CellText.Minutes(minutes)}. Raise the limit to continue."));
        }
    }

    private void CheckDisk(long bytes)
    {
        var needed = bytes + _reserved.Values.Sum(part => part.Bytes);
        if (FreeBytes() is { } free && free < needed)
        {
            throw new JobException(new Failure(
                ExitCode.Failure,
                $"Not enough disk space in {directory}: "
                    + $"the tracks need about {CellText.Bytes(needed)}, and {CellText.Bytes(free)} are free. Nothing more is started. "
                    + "Make room and run the same command again, with the same output folder: another folder would be paid for again.")
            {
                EndsTheRun = true,
            });
        }
    }

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A network folder, for example.
            return null;
        }
    }
}
