namespace LalalAi;

/// <summary>The default locations of the files of jobs.</summary>
public sealed class JobFilesOptions
{
    /// <summary>
    /// The folder with the recordings, which all silos can read. Sources are relative paths in this folder, and cannot escape it. The
    /// current folder by default.
    /// </summary>
    public string SourceFolder { get; set; } = ".";

    /// <summary>
    /// The folder for tracks, which all silos can write to. Each job has its own subfolder. <c>tracks</c> by default.
    /// </summary>
    public string TrackFolder { get; set; } = "tracks";

    /// <summary>
    /// The hosts from which recordings may be downloaded, by http or https, for example <c>media.example.com</c>. None by default.
    /// Private IP addresses are rejected unless the list contains them, for example <c>10.0.0.7</c>.
    /// </summary>
    public ISet<string> AllowedHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
