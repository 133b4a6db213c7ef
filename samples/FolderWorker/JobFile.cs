using System.Text.Json;
using LalalAi;

namespace FolderWorker;

/// <summary>A host that stores the checkpoint of one job in a file. This is all it takes to make a job survive a crash.</summary>
internal sealed class JobFile(string path) : ProcessHost
{
    /// <summary>Returns the checkpoint that an earlier run stored, or <see langword="null"/> for a new job.</summary>
    public JobCheckpoint? Load() => File.Exists(path) ? JsonSerializer.Deserialize<JobCheckpoint>(File.ReadAllText(path)) : null;

    /// <summary>
    /// Replaces the file as a whole, and waits until it is on disk, because the paid call follows. A crash or a power cut leaves the old
    /// file or the new one.
    /// </summary>
    public override async Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        var temporary = path + ".new";
        await using (var file = File.Create(temporary))
        {
            await JsonSerializer.SerializeAsync(file, checkpoint, cancellationToken: cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
