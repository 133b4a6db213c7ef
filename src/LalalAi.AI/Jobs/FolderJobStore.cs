using System.Text.Json;

namespace LalalAi.AI;

/// <summary>
/// Stores each job as a JSON file in <c>lalalai.jobs</c> below a folder. The tracks of a job are in a folder with its ID.
/// </summary>
public sealed class FolderJobStore : AgentJobStore
{
    private const string StoreName = "lalalai.jobs";

    private readonly string _store;
    private readonly FileStream _exclusive;
    private readonly Dictionary<string, AgentJob> _jobs;

    /// <summary>Opens the store of a folder, and creates both if they do not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The folder cannot be written to, or another process uses the store.</exception>
    /// <exception cref="InvalidDataException">A job cannot be read. Nothing was changed.</exception>
    public FolderJobStore(string folder)
    {
        Folder = Path.GetFullPath(folder);
        _store = Path.Combine(Folder, StoreName);
        Directory.CreateDirectory(_store);
        var lockPath = Path.Combine(_store, "lock");
        _exclusive = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            _jobs = Directory.EnumerateFiles(_store, "*.json").Select(Read).ToDictionary(job => job.Id);
        }
        catch
        {
            _exclusive.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Folder { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, AgentJob> Jobs => _jobs;

    /// <inheritdoc/>
    public override double? MinutesSpent =>
        _jobs.Values.Where(job => job.IsPaid).Aggregate((double?)0, (sum, job) => sum + job.Minutes);

    /// <inheritdoc/>
    public override AgentJob Add(string id, string sha256, string file, Uri service, TaskPresets presets)
    {
        var job = new AgentJob
        {
            Id = id,
            Sha256 = sha256,
            File = file,
            Folder = Path.Combine(Folder, id),
            Checkpoint = new JobCheckpoint { Presets = presets, Service = service },
        };
        Save(job);
        return job;
    }

    /// <inheritdoc/>
    public override void Save(AgentJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var path = Path.Combine(_store, job.Id + ".json");
        var partial = path + ".new";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, job);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        _jobs[job.Id] = job;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _exclusive.Dispose();
        base.Dispose(disposing);
    }

    private static AgentJob Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<AgentJob>(file)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"The job {path} cannot be read. Fix the file, or choose another folder, where its paid task is not known.", exception);
        }
    }
}
