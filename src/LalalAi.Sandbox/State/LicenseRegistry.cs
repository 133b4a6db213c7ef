using System.Collections.Concurrent;

namespace LalalAi.Sandbox.State;

/// <summary>The licence keys that are accepted, each with state of its own.</summary>
internal sealed class LicenseRegistry(SandboxOptions options)
{
    private const string DefaultKey = "sandbox-license-key";

    private readonly ConcurrentDictionary<string, LicenseState> _states = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _accepted = options.LicenseKeys?.ToHashSet(StringComparer.Ordinal);

    /// <summary>A key that is accepted.</summary>
    public string AnyKey => options.LicenseKeys?.First() ?? DefaultKey;

    public ICollection<LicenseState> States => _states.Values;

    /// <summary>The state behind a key, or null when the key is not accepted.</summary>
    public LicenseState? Find(string key) =>
        string.IsNullOrWhiteSpace(key) || _accepted?.Contains(key) == false ? null : _states.GetOrAdd(key, _ => new LicenseState(options));

    /// <summary>A task of any licence: download links need no key.</summary>
    public SeparationTask? FindTask(Guid id)
    {
        foreach (var state in _states.Values)
        {
            if (state.FindTask(id) is { } task)
            {
                return task;
            }
        }

        return null;
    }
}
