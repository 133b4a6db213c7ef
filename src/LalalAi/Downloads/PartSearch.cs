namespace LalalAi.Downloads;

/// <summary>Finds what an earlier download of a track left behind, in this process or another, before the server is asked and the name is known.</summary>
internal static class PartSearch
{
    /// <summary>Opens the part of a track, or returns <see langword="null"/> when there is none to go on with.</summary>
    /// <param name="disk">Where it is.</param>
    /// <param name="track">The track.</param>
    /// <param name="directory">The folder.</param>
    /// <param name="depth">How many folders below it a name may lie.</param>
    /// <param name="reservations">What the process is at work on.</param>
    public static PartFile? Find(PartDisk disk, TaskTrack track, string directory, int depth, PathReservations reservations)
    {
        foreach (var record in Records(directory, depth))
        {
            if (PartFile.TryOpen(disk, record, track) is not { } part)
            {
                continue;
            }

            if (reservations.TryReserve(part.Path))
            {
                return part;
            }

            part.Dispose();
        }

        return null;
    }

    private static IEnumerable<string> Records(string directory, int depth)
    {
        string[] records;
        string[] folders;
        try
        {
            records = Directory.GetFiles(directory, "*" + PartFile.RecordSuffix);
            folders = depth > 0 ? Directory.GetDirectories(directory) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there yet, or not readable: writing will tell.
            return [];
        }

        return records.Concat(folders.SelectMany(folder => Records(folder, depth - 1)));
    }
}
