namespace LalalAi.AI;

/// <summary>
/// Stores jobs. After a crash, a repeated call finds its job, and the minutes spent are still counted. Only one process at a time can use
/// a store. Derive from this class to store jobs elsewhere than in <see cref="FolderJobStore"/>. Members are not called concurrently.
/// </summary>
public abstract class AgentJobStore : IDisposable
{
    /// <summary>The full path of the folder that contains all tracks.</summary>
    public abstract string Folder { get; }

    /// <summary>All jobs by their IDs.</summary>
    public abstract IReadOnlyDictionary<string, AgentJob> Jobs { get; }

    /// <summary>
    /// The minutes of all starts that may have succeeded, or <see langword="null"/> if the price of one of them is not known.
    /// </summary>
    public abstract double? MinutesSpent { get; }

    /// <summary>Adds a job. It is called only after the budget covers the job and, if required, a person approved it.</summary>
    /// <param name="id">The ID of the job. The store does not contain it yet.</param>
    /// <param name="sha256">The SHA-256 of the content, in lower-case hexadecimal.</param>
    /// <param name="file">The real path of the recording.</param>
    /// <param name="service">The address of the service.</param>
    /// <param name="presets">The parameters of the task.</param>
    public abstract AgentJob Add(string id, string sha256, string file, Uri service, TaskPresets presets);

    /// <summary>
    /// Replaces the stored state of a job. The write must be durable: a start is sent after this method returns. If it throws, the job
    /// stops, unless only the ID of a task is new: the next call contains the ID, too.
    /// </summary>
    /// <param name="job">The job.</param>
    public abstract void Save(AgentJob job);

    /// <summary>
    /// Returns the file name of a track, and what to do if the file exists. By default, tracks are named after their labels, and complete
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
