using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>Brings tracks to the folders that the journal gave them, and tells whether they are still what they were.</summary>
internal sealed class TrackStore(RunContext run) : IDisposable
{
    private readonly SemaphoreSlim _downloads = new(run.Options.Downloads);

    /// <summary>Whether every track of a job is on disk as it was when it arrived.</summary>
    public async Task<bool> HasAllAsync(JobRecord job, CancellationToken cancellationToken)
    {
        foreach (var label in job.Labels ?? [])
        {
            if (!await HasAsync(job, label, cancellationToken))
            {
                return false;
            }
        }

        return job.Labels is not null;
    }

    /// <summary>Downloads the tracks of a task that are not on disk.</summary>
    public Task FetchAsync(JobRecord job, TaskSucceeded task, IFileDisplay view, CancellationToken cancellationToken)
    {
        var progress = new TransferSum(task.Tracks.Count, transfer => view.Report(transfer.Fraction, transfer));
        return Task.WhenAll(task.Tracks.Select((track, index) => FetchAsync(job, track, progress.Part(index), cancellationToken)));
    }

    public string FolderOf(JobRecord job) => Path.Combine(run.Journal.Directory, job.Folder);

    public void Dispose() => _downloads.Dispose();

    private async Task FetchAsync(JobRecord job, TaskTrack track, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        await _downloads.WaitAsync(cancellationToken);
        try
        {
            if (await HasAsync(job, track.Label, cancellationToken))
            {
                return;
            }

            // The folder is the job's own. A file in it that the journal does not know came in just before a run was killed, and is whole; one that it knows was changed.
            var options = new DownloadOptions { NameTemplate = "{label}.{ext}", ExistingFile = job.Tracks.ContainsKey(track.Label) ? ExistingFileBehavior.Overwrite : ExistingFileBehavior.Skip };
            var file = await run.Client.DownloadAsync(track, FolderOf(job), options, progress, cancellationToken);
            var entry = new TrackEntry(
                job.Number,
                track.Label,
                Path.GetRelativePath(run.Journal.Directory, file.Path),
                new FileInfo(file.Path).Length,
                await ContentHash.ComputeAsync(file.Path, cancellationToken),
                File.GetLastWriteTimeUtc(file.Path));
            run.Journal.Append(entry);
            run.Report.Downloaded(job, entry, file.Path);
        }
        finally
        {
            _downloads.Release();
        }
    }

    private async Task<bool> HasAsync(JobRecord job, string label, CancellationToken cancellationToken)
    {
        if (!job.Tracks.TryGetValue(label, out var track))
        {
            return false;
        }

        var file = new FileInfo(Path.Combine(run.Journal.Directory, track.Path));
        return file.Exists && file.Length == track.Size
            && (file.LastWriteTimeUtc == track.ModifiedAt.UtcDateTime || await ContentHash.ComputeAsync(file.FullName, cancellationToken) == track.Sha256);
    }
}
