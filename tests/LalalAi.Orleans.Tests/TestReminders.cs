using System.Globalization;

namespace LalalAi.Cluster.Tests;

/// <summary>A reminder table that outlives clusters, and fails as a test says.</summary>
internal sealed class TestReminders : IReminderTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderEntry> _rows = [];
    private int _version;

    /// <summary>Called before a reminder is registered. Throw to fail it.</summary>
    public Action? BeforeRegister { get; set; }

    /// <summary>Called before a reminder is unregistered. Throw to fail it.</summary>
    public Action? BeforeUnregister { get; set; }

    public int Count => Locked(() => _rows.Count);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadAsync(row => row.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadAsync(row => row.GrainId.GetUniformHashCode() is var hash
        && (begin < end ? hash > begin && hash <= end : hash > begin || hash <= end));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(Locked(() => _rows.GetValueOrDefault((grainId, reminderName))));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        BeforeRegister?.Invoke();
        return Task.FromResult<string?>(Locked(() =>
        {
            entry.ETag = (++_version).ToString(CultureInfo.InvariantCulture);
            _rows[(entry.GrainId, entry.ReminderName)] = entry;
            return entry.ETag;
        }));
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        BeforeUnregister?.Invoke();
        return Task.FromResult(Locked(
            () => _rows.GetValueOrDefault((grainId, reminderName))?.ETag == eTag && _rows.Remove((grainId, reminderName))));
    }

    public Task TestOnlyClearTable() => throw new NotSupportedException();

    private Task<ReminderTableData> ReadAsync(Func<ReminderEntry, bool> isRead) =>
        Task.FromResult(new ReminderTableData(Locked(() => _rows.Values.Where(isRead).ToList())));

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }
}
