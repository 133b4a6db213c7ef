using LalalAi.Sandbox.Links;

namespace LalalAi.Sandbox.State;

/// <summary>Frees what has expired, on the way through a request and at most once a minute of the sandbox's clock: nothing runs in the background.</summary>
internal sealed class ExpirySweep(LicenseRegistry licenses, TrackStore tracks, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _last = clock.GetUtcNow();

    public void RunIfDue()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (now - _last < Interval)
            {
                return;
            }

            _last = now;
        }

        foreach (var license in licenses.States)
        {
            Free(license.Sweep());
        }
    }

    /// <summary>Frees everything.</summary>
    public void RunOverAll()
    {
        foreach (var license in licenses.Clear())
        {
            Free(license.Contents);
        }
    }

    private void Free((IReadOnlyList<Source> Sources, IReadOnlyList<SeparationTask> Tasks) files)
    {
        foreach (var task in files.Tasks)
        {
            tracks.Remove(task);
        }

        foreach (var source in files.Sources)
        {
            tracks.Remove(source);
        }
    }
}
