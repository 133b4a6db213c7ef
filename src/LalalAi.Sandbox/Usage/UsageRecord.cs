namespace LalalAi.Sandbox.Usage;

/// <summary>Counts the requests of the client with one license key.</summary>
internal sealed class UsageRecord
{
    private readonly Lock _lock = new();
    private readonly CheckFrequency _frequency = new();
    private readonly List<string> _expired = [];
    private UsageReport _counted = new();
    private bool _lastCheckWasRefused;

    public void Requested() => Count(counted => counted with { Requests = counted.Requests + 1 });

    public void CheckArrived(DateTimeOffset now, bool admitted) => Count(counted =>
    {
        var ignored = !admitted && _lastCheckWasRefused;
        _lastCheckWasRefused = !admitted;
        return counted with
        {
            Checks = counted.Checks + 1,
            ChecksInBusiestMinute = Math.Max(counted.ChecksInBusiestMinute, _frequency.Add(now)),
            ChecksRejected = counted.ChecksRejected + (admitted ? 0 : 1),
            BackOffsIgnored = counted.BackOffsIgnored + (ignored ? 1 : 0),
        };
    });

    public void TasksChecked(int ids, int ended) => Count(counted => counted with
    {
        TaskIdsChecked = counted.TaskIdsChecked + ids,
        TaskIdsInLargestCheck = Math.Max(counted.TaskIdsInLargestCheck, ids),
        EndedTaskIdsChecked = counted.EndedTaskIdsChecked + ended,
    });

    public void Uploaded(bool repeated) => Count(counted => counted with
    {
        Uploads = counted.Uploads + 1,
        UploadsRepeated = counted.UploadsRepeated + (repeated ? 1 : 0),
    });

    public void Started(bool hasKey, bool repeated, double minutes) => Count(counted => counted with
    {
        Starts = counted.Starts + 1,
        StartsWithoutIdempotencyKey = counted.StartsWithoutIdempotencyKey + (hasKey ? 0 : 1),
        StartsRepeated = counted.StartsRepeated + (repeated ? 1 : 0),
        MinutesSpent = counted.MinutesSpent + minutes,
    });

    public void GaveBack(double minutes) => Count(counted => counted with { MinutesSpent = counted.MinutesSpent - minutes });

    public void Downloaded() => Count(counted => counted with { Downloads = counted.Downloads + 1 });

    public void KeyMisplaced() => Count(counted => counted with { LicenseKeysMisplaced = counted.LicenseKeysMisplaced + 1 });

    /// <summary>Adds the name of a source that expired before it was deleted.</summary>
    public void Expired(string source)
    {
        lock (_lock)
        {
            _expired.Add(source);
        }
    }

    /// <param name="undeleted">The names of the existing sources.</param>
    public UsageReport Report(IEnumerable<string> undeleted)
    {
        lock (_lock)
        {
            return _counted with { SourcesNeverDeleted = [.. _expired, .. undeleted] };
        }
    }

    private void Count(Func<UsageReport, UsageReport> add)
    {
        lock (_lock)
        {
            _counted = add(_counted);
        }
    }
}
