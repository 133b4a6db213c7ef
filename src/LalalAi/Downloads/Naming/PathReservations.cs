namespace LalalAi.Downloads.Naming;

/// <summary>
/// The paths that the downloads of one call write to, kept from all others of the process until the call ends: two tracks of one call that
/// have the same name are two files, even if existing files are to be replaced.
/// </summary>
internal sealed class PathReservations : IDisposable
{
    // Some file systems ignore case; reserving too much costs a number in a name.
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
