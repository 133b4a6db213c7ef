using LalalAi.Cluster.Storage;

namespace LalalAi.Cluster.Jobs;

/// <summary>Stores the checkpoints of a job in its grain's state, and asks the catalog before a start.</summary>
internal sealed class JobHost(JobName name, StoredValue<JobRecord> stored, ICatalogLedger catalog, SiloLimits silo) : ProcessHost
{
    public override async Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            await stored.WriteAsync(stored.Value! with { Checkpoint = checkpoint }, cancellationToken).ConfigureAwait(false);
        }
        catch (StoredValueChangedException) when (checkpoint.TaskId is not null && IsWithoutTask(stored.Value, checkpoint))
        {
            // The other activation has resumed the same start, and was not given the task's ID. This one was.
            var resumed = stored.Value! with { Checkpoint = checkpoint, State = JobState.Running, Reason = null };
            await stored.WriteAsync(resumed, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<IDisposable?> EnterPhaseAsync(
        ProcessPhase phase,
        JobCheckpoint checkpoint,
        CancellationToken cancellationToken = default)
    {
        switch (phase)
        {
            case ProcessPhase.Uploading:
                return await silo.Uploads.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
            case ProcessPhase.Starting:
                var place = await silo.Starts.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
                try
                {
                    await ReserveAsync(checkpoint).ConfigureAwait(false);
                    return place;
                }
                catch
                {
                    place.Dispose();
                    throw;
                }

            default:
                return null;
        }
    }

    private async Task ReserveAsync(JobCheckpoint checkpoint)
    {
        var minutes = checkpoint.Source?.EstimateMinutes(checkpoint.Presets);
        switch (await catalog.ReserveAsync(name.Job, minutes, isStarted: checkpoint.IdempotencyKey is not null).ConfigureAwait(false))
        {
            case Reservation.Paused:
                throw new StartRefusedException("The catalog is paused.", isFinal: false);
            case Reservation.PriceUnknown:
                throw new StartRefusedException("The price is not known, and the catalog has a limit. Nothing was started.", isFinal: true);
        }
    }

    private static bool IsWithoutTask(JobRecord? record, JobCheckpoint checkpoint) =>
        record?.Checkpoint is { TaskId: null, IdempotencyKey: { } key } && key == checkpoint.IdempotencyKey;
}
