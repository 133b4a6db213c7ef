using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>Finds the changes since the last events of a page.</summary>
internal sealed class DashboardChanges(LicenseRegistry licenses, RequestLog log, FaultPlan faults, TimeProvider clock)
{
    private const int MaxTasks = 5000;
    private const int MaxLicenses = 100;
    private const int MaxNames = 100;
    private const int RequestsPerEvent = 1000;

    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);
    private Dictionary<Guid, TaskProgress> _tasks = [];
    private long _version;
    private long _first;

    /// <summary>The events to send.</summary>
    public IEnumerable<(string Name, object Data)> Read()
    {
        yield return ("clock", new { Now = clock.GetUtcNow() });
        if (ReadTasks() is { } tasks)
        {
            yield return ("tasks", tasks);
        }

        foreach (var requests in ReadRequests())
        {
            yield return ("requests", requests);
        }

        foreach (var (name, data) in new (string, object)[] { ("faults", faults.Entries), ("usage", DescribeUsage()) })
        {
            var text = ControlJson.Write(data);
            if (_sent.GetValueOrDefault(name) != text)
            {
                _sent[name] = text;
                yield return (name, data);
            }
        }
    }

    private object? ReadTasks()
    {
        var now = clock.GetUtcNow();
        var latest = licenses.Licenses
            .SelectMany(license => license.Value.Tasks.Select(task => (license.Key, Task: task)))
            .OrderByDescending(each => each.Task.Created)
            .Take(MaxTasks)
            .ToArray();
        var known = latest.ToDictionary(each => each.Task.Id, each => TaskProgress.Of(each.Task, now));
        var added = latest.Where(each => !_tasks.ContainsKey(each.Task.Id)).Select(each => TaskCard.Of(each.Key, each.Task)).ToArray();
        var changed = known.Values.Where(task => _tasks.GetValueOrDefault(task.Id) != task).ToArray();
        var removed = _tasks.Keys.Where(id => !known.ContainsKey(id)).ToArray();
        _tasks = known;
        return changed.Length + removed.Length == 0 ? null : new { Added = added, Changed = changed, Removed = removed };
    }

    private IEnumerable<object> ReadRequests()
    {
        (_version, var first, var requests) = log.ChangesSince(_version);
        if (requests.Count == 0 && first != _first)
        {
            yield return new { First = first, Requests = requests };
        }

        _first = first;
        foreach (var part in requests.Chunk(RequestsPerEvent))
        {
            yield return new { First = first, Requests = part };
        }
    }

    private object DescribeUsage() => new
    {
        All = Shorten(licenses.Report(key: null)),
        Licenses = licenses.Licenses.OrderBy(license => license.Key, StringComparer.Ordinal).Take(MaxLicenses).Select(license => new
        {
            LicenseKey = MaskedKey.Of(license.Key),
            license.Value.MinutesLeft,
            Report = Shorten(license.Value.Report()),
        }),
    };

    private static object Shorten(UsageReport report) => new
    {
        Report = report with { SourcesNeverDeleted = [.. report.SourcesNeverDeleted.Take(MaxNames)] },
        SourcesNeverDeleted = report.SourcesNeverDeleted.Count,
    };
}
