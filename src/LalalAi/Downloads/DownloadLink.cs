namespace LalalAi.Downloads;

/// <summary>The link of a track. It expires, and can be had anew once by checking the task again.</summary>
internal sealed class DownloadLink
{
    private readonly Func<TaskId, CancellationToken, Task<TaskState>> _check;
    private bool _isRenewed;

    public DownloadLink(TaskTrack track, Func<TaskId, CancellationToken, Task<TaskState>> check)
    {
        Track = track;
        _check = check;
        Address = Read(track.Url);
    }

    public TaskTrack Track { get; }

    public Uri Address { get; private set; }

    /// <summary>Gets a new link for the same track.</summary>
    /// <param name="status">What the old link answered.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="LalalAiDownloadException">There is none, or it was renewed before.</exception>
    public async Task RenewAsync(int status, CancellationToken cancellationToken)
    {
        if (_isRenewed)
        {
            throw Gone(status, "a new link gave the same answer");
        }

        _isRenewed = true;
        TaskState state;
        try
        {
            state = await _check(Track.TaskId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException)
        {
            throw Gone(status, $"no new link could be had. {exception.Message}", exception);
        }

        var url = (state as TaskSucceeded)?.Tracks.FirstOrDefault(track => track.Label == Track.Label)?.Url;
        Address = url is null ? throw Gone(status, "a check of its task gives no new link") : Read(url);
    }

    /// <summary>
    /// Reads a link. The service gives <c>http</c> links that work over <c>https</c> as well; on loopback there is nobody to read along, and often no certificate.
    /// </summary>
    private Uri Read(Uri? address)
    {
        if (address is null || !HasHost(address))
        {
            throw new LalalAiDownloadException($"The link of the track '{Track.Label}' is no http or https address.", Track);
        }

        return address.Scheme == "https" || address.IsLoopback ? address : new UriBuilder(address) { Scheme = "https", Port = -1 }.Uri;
    }

    // An address is taken with any characters in the name of its host; that they make no name shows only when the name is asked for.
    private static bool HasHost(Uri address)
    {
        try
        {
            return address.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    private LalalAiDownloadException Gone(int status, string why, Exception? exception = null) => new(
        $"The track '{Track.Label}' of task {Track.TaskId} is not there any more (HTTP {status}), and {why}. Links end at the latest one hour after the source is deleted, and sources are deleted 24 hours after their upload.",
        Track,
        status,
        exception);
}
