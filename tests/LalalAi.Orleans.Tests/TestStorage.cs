using System.Collections.Concurrent;
using System.Globalization;
using LalalAi.Cluster.Storage;
using Orleans.Storage;

namespace LalalAi.Cluster.Tests;

/// <summary>A grain storage that outlives clusters, compares and swaps, and fails as a test says.</summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, GrainId Grain), (string Json, int Version)> _values = [];
    private readonly ConcurrentQueue<string> _jobWrites = new();

    /// <summary>Called before a job's state is written, with its JSON. Throw to fail the write.</summary>
    public Func<string, Task>? BeforeJobWrite { get; set; }

    /// <summary>Called before a catalog's state is written, with its JSON. Throw to fail the write.</summary>
    public Func<string, Task>? BeforeCatalogWrite { get; set; }

    /// <summary>Called before a page of results is written, with its JSON. Throw to fail the write.</summary>
    public Func<string, Task>? BeforeResultsWrite { get; set; }

    /// <summary>Called before a state is read, with its name. Throw to fail the read.</summary>
    public Action<string>? BeforeRead { get; set; }

    /// <summary>Called after a job's state was written, with its JSON, before the job learns of it.</summary>
    public Func<string, Task>? AfterJobWrite { get; set; }

    /// <summary>The states of jobs as they were written.</summary>
    public IReadOnlyCollection<string> JobWrites => _jobWrites;

    /// <summary>Forgets everything, like a store without persistence that is restarted.</summary>
    public void Wipe() => Locked(_values.Clear);

    /// <summary>Changes the stored states with a name, such as <c>job</c>, as another activation would.</summary>
    public void Change(string name, Func<string, string> change) => Locked(() =>
    {
        foreach (var (key, (json, version)) in _values.Where(entry => entry.Key.Name == name).ToList())
        {
            _values[key] = (change(json), version + 1);
        }
    });

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        BeforeRead?.Invoke(stateName);
        Locked(() =>
        {
            var exists = _values.TryGetValue((stateName, grainId), out var value);
            (grainState.State, grainState.ETag, grainState.RecordExists) =
                (
                    (T)(object)new StoredText { Json = value.Json },
                    exists ? value.Version.ToString(CultureInfo.InvariantCulture) : null,
                    exists);
        });
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var json = ((StoredText)(object)grainState.State!).Json!;
        var before = stateName switch
        {
            "job" => BeforeJobWrite,
            "catalog" => BeforeCatalogWrite,
            _ when stateName.StartsWith("results-", StringComparison.Ordinal) => BeforeResultsWrite,
            _ => null,
        };
        if (before is not null)
        {
            await before(json);
        }

        Locked(() =>
        {
            var stored = _values.TryGetValue((stateName, grainId), out var value)
                ? value.Version.ToString(CultureInfo.InvariantCulture)
                : null;
            if (stored != grainState.ETag)
            {
                throw new InconsistentStateException("The state was changed.", stored ?? "none", grainState.ETag ?? "none");
            }

            _values[(stateName, grainId)] = (json, value.Version + 1);
            (grainState.ETag, grainState.RecordExists) = ((value.Version + 1).ToString(CultureInfo.InvariantCulture), true);
        });
        if (stateName == "job")
        {
            _jobWrites.Enqueue(json);
            if (AfterJobWrite is { } after)
            {
                await after(json);
            }
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    private void Locked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }
}
