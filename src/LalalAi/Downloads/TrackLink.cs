namespace LalalAi.Downloads;

/// <summary>The link of a track. It expires, and a check of the task returns a new one.</summary>
internal sealed class TrackLink
{
    private readonly Func<TaskId, CancellationToken, Task<TaskState>> _check;
    private long? _renewedAt;

    public TrackLink(TaskTrack track, Func<TaskId, CancellationToken, Task<TaskState>> check)
    {
        Track = track;
        Size = SizeOf(track);
        _check = check;
        Address = track.Url is { } url ? Read(url) : null;
    }

    public TaskTrack Track { get; }

    /// <summary>The size of the track, as the latest check reported it.</summary>
    public long? Size { get; private set; }

    /// <summary>The address, or <see langword="null"/> for a track that was stored without its link.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Gets a new link for the same track, once for each position that a download reaches.</summary>
    /// <param name="position">The position of the next byte.</param>
    /// <param name="status">The status of the response to the old link, or <see langword="null"/> if there was none.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="LalalAiDownloadException">No new link is available.</exception>
    public async Task RenewAsync(long position, int? status, CancellationToken cancellationToken)
    {
        if (_renewedAt == position)
        {
            throw Unavailable(status, "a new link has the same problem");
        }

        _renewedAt = position;
        TaskState state;
        try
        {
            state = await _check(Track.TaskId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException)
        {
            throw Unavailable(status, $"the check for a new link failed. {exception.Message}", exception);
        }

        var renewed = state is TaskSucceeded { Tracks: var tracks } ? Find(tracks, status) : null;
        Address = renewed?.Url is { } url ? Read(url) : throw Unavailable(status, "a check of its task returned no new link");
        Size = SizeOf(renewed) ?? Size;
    }

    private LalalAiDownloadException Unavailable(int? status, string why, Exception? exception = null) => new(
        $"The track '{Track.Label}' of task {Track.TaskId} is not available{(status is { } code ? $" (HTTP {code})" : string.Empty)}: "
        + $"{why}. Links expire at the latest one hour after the source is deleted, and sources are deleted 24 hours after their upload.",
        Track,
        status,
        exception);

    /// <summary>
    /// Returns the address to request. The service sends <c>http</c> links, which also work over <c>https</c>. Loopback addresses need no
    /// protection, and often have no certificate.
    /// </summary>
    private Uri Read(Uri address)
    {
        if (!HasHost(address))
        {
            throw new LalalAiDownloadException($"The link of the track '{Track.Label}' is not a valid http or https address.", Track);
        }

        return address.Scheme == "https" || address.IsLoopback ? address : new UriBuilder(address) { Scheme = "https", Port = -1 }.Uri;
    }

    /// <summary>Finds the same track: by its label, and by its position if several tracks share the label.</summary>
    private TaskTrack? Find(IReadOnlyList<TaskTrack> tracks, int? status)
    {
        if (Track.Index is { } index && index < tracks.Count && tracks[index].Label == Track.Label)
        {
            return tracks[index];
        }

        var same = tracks.Where(track => track.Label == Track.Label).ToList();
        return same.Count < 2 ? same.FirstOrDefault()
            : throw Unavailable(status, $"{same.Count} tracks have the label '{Track.Label}', and the position of this one is not known");
    }

    // No track is empty, so zero means unknown.
    private static long? SizeOf(TaskTrack track) => track.Size is > 0 and var size ? size : null;

    // A Uri accepts any characters in a host, and validates the name only when it is used.
    private static bool HasHost(Uri address)
    {
        try
        {
            return address.IsAbsoluteUri && address.Scheme is "http" or "https" && address.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
