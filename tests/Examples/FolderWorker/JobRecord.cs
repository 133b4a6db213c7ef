using System.Text.Json;

namespace FolderWorker;

/// <summary>What has been uploaded and paid for of one song, on disk.</summary>
internal sealed record JobRecord
{
    private const string FileName = ".job.json";

    public string? Source { get; init; }

    /// <summary>Made with the record, and saved with the source: before the call that costs.</summary>
    public Guid IdempotencyKey { get; init; } = Guid.NewGuid();

    public string? Task { get; init; }

    public static JobRecord Load(string job)
    {
        var path = Path.Combine(job, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize<JobRecord>(File.ReadAllText(path))! : new JobRecord();
    }

    /// <summary>Replaces the record as a whole: a crash leaves the old one or the new one, and none that is half written.</summary>
    public void Save(string job)
    {
        var path = Path.Combine(job, FileName);
        using (var file = File.Create(path + ".new"))
        {
            JsonSerializer.Serialize(file, this);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
