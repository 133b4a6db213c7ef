namespace LalalAi.AI;

/// <summary>
/// Stores jobs: the same call finds the same job after a crash, and what was spent stays counted. One process at a time uses a store.
/// Derive from it to keep jobs elsewhere than in <see cref="FolderJobStore"/>. Members are not called concurrently.
/// </summary>
public abstract class AgentJobStore : IDisposable
{
    /// <summary>The folder below which all tracks are, as a full path.</summary>
    public abstract string Folder { get; }

    /// <summary>All jobs by their IDs.</summary>
    public abstract IReadOnlyDictionary<string, AgentJob> Jobs { get; }

    /// <summary>
    /// The minutes of all starts that were or may have been carried out, or <see langword="null"/> if the price of a part is not known.
    /// </summary>
    public abstract double? MinutesSpent { get; }

    /// <summary>Adds a job. It is called only after the budget and, where one is asked, a person accepted the job.</summary>
    /// <param name="id">The ID of the job. There is no job with it yet.</param>
    /// <param name="sha256">The SHA-256 of the content, in lower-case hexadecimal.</param>
    /// <param name="file">The real path of the recording.</param>
    /// <param name="service">The address of the service.</param>
    /// <param name="presets">What is done with the recording.</param>
    public abstract AgentJob Add(string id, string sha256, string file, Uri service, TaskPresets presets);

    /// <summary>
    /// Stores a job in the place of its earlier state, durably: a start is sent only after its key is stored.
    /// </summary>
    /// <param name="job">The job.</param>
    public abstract void Save(AgentJob job);

    /// <summary>
    /// Returns how a track is named, and what happens if its file exists. By default, tracks are named after their labels, and complete
    /// files are kept.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="task">The finished task.</param>
    /// <param name="index">The position of the track.</param>
    public virtual DownloadOptions GetDownloadOptions(AgentJob job, TaskSucceeded task, int index) =>
        new() { NameTemplate = "{label}.{ext}", ExistingFile = ExistingFileBehavior.Skip };

    /// <summary>Closes the store.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the store.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
