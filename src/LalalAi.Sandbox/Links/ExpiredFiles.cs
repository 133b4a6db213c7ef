using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Links;

/// <summary>
/// Deletes expired files, during a request and at most once per minute of the sandbox's clock. Nothing runs in the background.
/// </summary>
internal sealed class ExpiredFiles(LicenseRegistry licenses, TrackStore tracks, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _last = clock.GetUtcNow();

    public void DeleteIfDue()
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
            Delete(license.Sweep());
        }
    }

    /// <summary>Deletes all files.</summary>
    public void DeleteAll()
    {
        foreach (var license in licenses.Clear())
        {
            Delete(license.Contents);
        }
    }

    private void Delete((IReadOnlyList<Source> Sources, IReadOnlyList<SeparationTask> Tasks) files)
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
