using LalalAi;

namespace SqliteWorker;

/// <summary>A claimed job: the host that stores its checkpoints in its row.</summary>
internal sealed class Job(JobTable table, long id, string song, string owner, JobCheckpoint? checkpoint) : ProcessHost
{
    public long Id { get; } = id;

    public string Song { get; } = song;

    public string Owner { get; } = owner;

    public JobCheckpoint? Checkpoint { get; } = checkpoint;

    public override Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        table.Save(this, checkpoint);
        return Task.CompletedTask;
    }
}
