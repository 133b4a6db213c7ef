using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Conduct;

/// <summary>Keeps count of what the client with one license key does.</summary>
internal sealed class ConductRecord
{
    private readonly Lock _lock = new();
    private readonly CheckFrequency _frequency = new();
    private readonly Dictionary<string, SeparationTask> _latestStarts = new(StringComparer.Ordinal);
    private readonly List<string> _expired = [];
    private ConductReport _counted = new();
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
            ChecksRefused = counted.ChecksRefused + (admitted ? 0 : 1),
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

    public void Started(SeparationTask task, bool hasKey, double minutes, DateTimeOffset now) => Count(counted =>
    {
        var job = $"{task.Source.Content} {task.Presets.ToString(Newtonsoft.Json.Formatting.None)}";
        var repeated = _latestStarts.TryGetValue(job, out var earlier)
            && earlier.StatusAt(now) is not (SeparationStatus.Failed or SeparationStatus.Cancelled);
        _latestStarts[job] = task;
        return counted with
        {
            Starts = counted.Starts + 1,
            StartsWithoutIdempotencyKey = counted.StartsWithoutIdempotencyKey + (hasKey ? 0 : 1),
            StartsRepeated = counted.StartsRepeated + (repeated ? 1 : 0),
            MinutesSpent = counted.MinutesSpent + minutes,
        };
    });

    public void GaveBack(double minutes) => Count(counted => counted with { MinutesSpent = counted.MinutesSpent - minutes });

    public void Downloaded() => Count(counted => counted with { Downloads = counted.Downloads + 1 });

    public void KeyMisplaced() => Count(counted => counted with { LicenseKeysMisplaced = counted.LicenseKeysMisplaced + 1 });

    /// <summary>Remembers a source that nobody deleted before it is forgotten.</summary>
    public void Expired(Source source)
    {
        lock (_lock)
        {
            _expired.Add(source.Name);
        }
    }

    public ConductReport Report(IEnumerable<Source> undeleted)
    {
        lock (_lock)
        {
            return _counted with { SourcesNeverDeleted = [.. _expired, .. undeleted.Select(source => source.Name)] };
        }
    }

    private void Count(Func<ConductReport, ConductReport> add)
    {
        lock (_lock)
        {
            _counted = add(_counted);
        }
    }
}
