using LalalAi.Cli.Display;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Sees to it that the service holds a file: from an earlier upload while that lives, else from a new one.</summary>
internal sealed class SourceStore(RunContext run)
{
    /// <summary>Returns the source that an earlier upload made, or <see langword="null"/> when there is none that lives.</summary>
    public SourceEntry? Find(JobRecord job) =>
        run.Journal.Query(index => index.FindSource(run.Service, job.Sha256)) is { } source && run.IsAlive(source) ? source : null;

    public async Task<SourceEntry> UploadAsync(JobRecord job, string path, IFileDisplay view, CancellationToken cancellationToken)
    {
        view.Enter(Phase.Uploading);
        var file = await run.Client.UploadAsync(path, new Relay<TransferProgress>(transfer => view.Report(transfer.Fraction, transfer)), cancellationToken);
        var source = new SourceEntry(run.Service, job.Sha256, file.Id.Value, file.Duration?.TotalMinutes ?? 0, file.ExpiresAt ?? DateTimeOffset.MaxValue);
        run.Journal.Append(source);
        run.Report.Uploaded(path, source);
        return source;
    }

    /// <summary>Deletes the source of a job whose tracks are all on disk, unless another job still needs it.</summary>
    public async Task DeleteAsync(JobRecord job, string path, CancellationToken cancellationToken)
    {
        var (source, isNeeded) = run.Journal.Query(index => (index.FindSource(run.Service, job.Sha256), index.FindAll(job.Sha256).Any(other => other != job && other.IsUnderWay)));
        if (source is null || isNeeded)
        {
            return;
        }

        await run.Client.DeleteSourceAsync(new SourceId(source.SourceId), cancellationToken);
        run.Journal.Append(new DeletedEntry(source.SourceId));
        run.Report.Deleted(path, source.SourceId);
    }
}
