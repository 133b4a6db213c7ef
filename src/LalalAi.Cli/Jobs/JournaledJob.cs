using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>A job whose checkpoints are entries of a journal: what is new in each is appended.</summary>
internal sealed class JournaledJob(JobJournal journal, JobRecord record)
{
    private readonly RunEntry _run = journal.Query(index => index.RunOf(record.Work));

    /// <summary>What the journal contains about the job.</summary>
    public JobRecord Record { get; } = record;

    /// <summary>The folder for the tracks, as a full path.</summary>
    public string Folder { get; } = JournalPath.Full(journal.Directory, Path.GetDirectoryName(record.Tracks) ?? string.Empty);

    /// <summary>The paths of the tracks that were downloaded.</summary>
    public IReadOnlyList<string> Paths => [.. Record.Files.Select(FullPath)];

    public string FullPath(TrackEntry track) => JournalPath.Full(journal.Directory, track.Path);

    /// <summary>Reads how far the job got.</summary>
    /// <param name="service">The address of the service.</param>
    public JobCheckpoint Read(Uri? service) => new()
    {
        Presets = _run.Presets,
        Service = service,
        Source = Record.Start?.Source ?? journal.Query(index => index.FindSource(_run.Service, Record.Sha256)),
        IdempotencyKey = Record.Start?.Key,
        TaskId = Record.TaskId is { } task ? new TaskId(task) : null,
        Tracks = [.. Record.Files.Select(track => new JobTrack(track.Index, track.Label, FullPath(track), track.Size))],
        IsDone = Record.IsDone,
    };

    /// <summary>Appends what is new in a checkpoint, and returns it.</summary>
    /// <param name="before">The last checkpoint.</param>
    /// <param name="after">The checkpoint.</param>
    /// <param name="uploaded">The hash of the content of a new source, or <see langword="null"/> if it is not known.</param>
    public IReadOnlyList<JournalEntry> Append(JobCheckpoint before, JobCheckpoint after, string? uploaded)
    {
        List<JournalEntry> entries = [.. Compare(before, after, uploaded)];
        journal.Append(entries);
        return entries;
    }

    /// <summary>How a track is named, and what happens if its file exists.</summary>
    public DownloadOptions GetDownloadOptions(TaskSucceeded task, int index)
    {
        var name = TrackNames.Of([.. task.Tracks.Select(track => track.Label)], index);
        return new DownloadOptions
        {
            NameTemplate = Path.GetFileName(TrackNames.Apply(JournalPath.Normalize(Record.Tracks), name)),
            // A file that the journal does not know was complete just before a run was killed. One that it knows was changed since.
            ExistingFile = Record.HasOldTracks || Record.Files.Any(track => track.Index == index) ? ExistingFileBehavior.Overwrite
                : IsTrackOfAnotherJob(name) ? ExistingFileBehavior.Rename
                : ExistingFileBehavior.Skip,
        };
    }

    private IEnumerable<JournalEntry> Compare(JobCheckpoint before, JobCheckpoint after, string? uploaded)
    {
        if (after.Source is null && before.Source is { } gone)
        {
            yield return new DeletedEntry(gone.Id.Value);
        }
        else if (after.Source is { } source && source != before.Source && uploaded is not null)
        {
            yield return new SourceEntry(_run.Service, uploaded, source);
        }

        if (after.IdempotencyKey is { } key && key != before.IdempotencyKey)
        {
            var minutes = after.Source!.EstimateMinutes(after.Presets);
            yield return new StartingEntry(Record.Number, key, minutes, after.Source!, TimeProvider.System.GetUtcNow());
        }
        else if (after.IdempotencyKey is null && before.IdempotencyKey is not null)
        {
            yield return new RefusedEntry(Record.Number);
        }

        if (after.TaskId is { } task && task != before.TaskId)
        {
            yield return new StartedEntry(Record.Number, task.Value, TimeProvider.System.GetUtcNow());
        }

        foreach (var track in after.Tracks.Except(before.Tracks))
        {
            yield return new TrackEntry(
                Record.Number,
                track.Index,
                track.Label,
                JournalPath.Relative(journal.Directory, track.Path),
                track.Size,
                ContentHash.Compute(track.Path),
                File.GetLastWriteTimeUtc(track.Path));
        }

        if (after.IsDone && !before.IsDone)
        {
            yield return new DoneEntry(Record.Number);
        }
    }

    /// <summary>
    /// Whether another job on the same recording has a track of this name, because the service returned other labels than expected.
    /// </summary>
    private bool IsTrackOfAnotherJob(string name)
    {
        var path = Path.ChangeExtension(TrackNames.Apply(JournalPath.Normalize(Record.Tracks), name), null);
        return journal.Query(index => index.JobsOf(Record.Sha256)
            .Where(other => other != Record)
            .SelectMany(other => other.Files)
            .Any(track => string.Equals(Path.ChangeExtension(track.Path, null), path, StringComparison.OrdinalIgnoreCase)));
    }
}
