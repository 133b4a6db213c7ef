using System.Collections.Concurrent;
using LalalAi.Sandbox.Faults;

namespace LalalAi.Sandbox.State;

/// <summary>The accepted license keys, each with its own state.</summary>
internal sealed class LicenseRegistry(FaultPlanRegistry plans, SandboxOptions options)
{
    private const string DefaultKey = "sandbox-license-key";

    // There is no limit to the number of keys that contain faults.
    private const int MaxLicenses = 10_000;

    private readonly ConcurrentDictionary<string, LicenseState> _states = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _accepted = options.LicenseKeys?.ToHashSet(StringComparer.Ordinal);

    /// <summary>A key that is accepted.</summary>
    public string AnyKey => options.LicenseKeys?.First() ?? DefaultKey;

    public ICollection<LicenseState> States => _states.Values;

    /// <summary>A copy of the used licenses, with their keys.</summary>
    public IReadOnlyList<KeyValuePair<string, LicenseState>> Licenses => _states.ToArray();

    /// <summary>The state of a key; null when the key is not accepted.</summary>
    /// <exception cref="FaultPlanException">The fault plan in the key is not valid.</exception>
    public LicenseState? Find(string key) =>
        _states.TryGetValue(key, out var state) ? state
        : !IsAccepted(key) ? null
        : _states.Count < MaxLicenses ? _states.GetOrAdd(key, Create)
        : throw new FaultPlanException($"The sandbox keeps the state of at most {MaxLicenses} license keys. Reset it to use others.");

    /// <summary>A task of any license, with the state of that license. Download links contain no key.</summary>
    public (LicenseState License, SeparationTask Task)? FindTask(Guid id)
    {
        foreach (var state in _states.Values)
        {
            if (state.FindTask(id) is { } task)
            {
                return (state, task);
            }
        }

        return null;
    }

    /// <summary>The usage of the client with a key, or of all clients.</summary>
    public UsageReport Report(string? key)
    {
        var states = key is null ? _states.Values : _states.TryGetValue(key, out var state) ? [state] : Enumerable.Empty<LicenseState>();
        return UsageReport.Combine(states.Select(each => each.Report()));
    }

    /// <summary>Deletes all state.</summary>
    /// <returns>The deleted objects, whose files can be deleted too.</returns>
    public IReadOnlyCollection<LicenseState> Clear()
    {
        var states = _states.ToArray();
        foreach (var state in states)
        {
            _states.TryRemove(state);
        }

        return [.. states.Select(state => state.Value)];
    }

    /// <summary>The state of every license, to save.</summary>
    public IReadOnlyList<SavedLicense> Save() => [.. _states.Select(state => state.Value.Save(state.Key))];

    /// <summary>Restores the saved state of the licenses that are still accepted.</summary>
    public void Restore(IEnumerable<SavedLicense> licenses, FileStore files)
    {
        foreach (var license in licenses)
        {
            Find(license.Key)?.Restore(license, files, plans);
        }
    }

    private bool IsAccepted(string key) => _accepted?.Contains(key) ?? (key == DefaultKey || MagicKey.Find(key) is not null);

    private LicenseState Create(string key)
    {
        var magic = MagicKey.Find(key);
        return new LicenseState(magic?.Configure?.Invoke(options) ?? options, plans.Of(magic));
    }
}
