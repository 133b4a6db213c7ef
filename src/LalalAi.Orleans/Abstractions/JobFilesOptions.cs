namespace LalalAi;

/// <summary>Where the files of jobs are by default.</summary>
public sealed class JobFilesOptions
{
    /// <summary>
    /// The folder with the recordings, which all silos can read. Sources are paths in it, and cannot leave it. The current folder by
    /// default.
    /// </summary>
    public string SourceFolder { get; set; } = ".";

    /// <summary>
    /// The folder for tracks, which all silos can write. Each job has a folder of its own in it. <c>tracks</c> by default.
    /// </summary>
    public string TrackFolder { get; set; } = "tracks";

    /// <summary>
    /// The hosts from which recordings may be downloaded, by http or https, for example <c>media.example.com</c>. None by default. An
    /// address in a private network is refused, unless the address itself is in the list too, for example <c>10.0.0.7</c>.
    /// </summary>
    public ISet<string> AllowedHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
