namespace LalalAi.Downloads.Naming;

/// <summary>
/// Reserves the paths of one call until it ends. Two tracks with the same name get two files, even if existing files are
/// replaced.
/// </summary>
internal sealed class PathReservations : IDisposable
{
    // Some file systems ignore case. On others, a name may get a number needlessly.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _own = [];

    /// <summary>Reserves a path, unless it is reserved, by this call or another.</summary>
    public bool TryReserve(string path)
    {
        lock (Reserved)
        {
            if (!Reserved.Add(path))
            {
                return false;
            }

            _own.Add(path);
            return true;
        }
    }

    public void Dispose()
    {
        lock (Reserved)
        {
            Reserved.ExceptWith(_own);
            _own.Clear();
        }
    }
}
