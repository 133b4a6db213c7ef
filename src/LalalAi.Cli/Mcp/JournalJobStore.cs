using System.Security.Cryptography;
using LalalAi.AI;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Mcp;

/// <summary>
/// The jobs of agents in the journal of an output folder: <c>resume</c>, <c>status</c> and <c>delete</c> see them, and minutes are counted
/// for agents and people together.
/// </summary>
internal sealed class JournalJobStore : AgentJobStore
{
    private readonly JobJournal _journal;
    private readonly OutputLayout _layout;
    private readonly string _service;
    private readonly double? _maxMinutes;
    private readonly Dictionary<string, AgentJob> _jobs = [];
    private readonly Dictionary<string, JobRecord> _records = [];

    private JournalJobStore(JobJournal journal, ServiceConnection connection, double? maxMinutes)
    {
        _journal = journal;
        _layout = new OutputLayout(OutputLayout.Default, journal.Directory);
        _service = connection.Service;
        _maxMinutes = maxMinutes;
        if (connection.IsTemporary)
        {
            journal.Forget(_service);
        }

        var address = connection.Client.BaseAddress;
        var works = journal.Query(index => index.WorksOf(_service));
        foreach (var record in journal.Query(index => index.Jobs.Where(job => works.Contains(job.Work)).ToList()))
        {
            var id = AgentJob.CreateId(address, record.Sha256, PresetsOf(record));
            if (_records.TryAdd(id, record))
            {
                _jobs.Add(id, Read(id, record, address));
            }
        }
    }

    public override string Folder => _journal.Directory;

    public override IReadOnlyDictionary<string, AgentJob> Jobs => _jobs;

    public override double? MinutesSpent => _journal.Query(index => index.MinutesSpent(_service));

    /// <exception cref="LalalAiFunctionException">The journal cannot be used.</exception>
    public static JournalJobStore Open(string directory, ServiceConnection connection, double? maxMinutes)
    {
        try
        {
            var journal = JobJournal.Open(directory);
            try
            {
                return new JournalJobStore(journal, connection, maxMinutes);
            }
            catch
            {
                journal.Dispose();
                throw;
            }
        }
        catch (UsageException exception)
        {
            throw new LalalAiFunctionException(exception.Message, exception);
        }
    }

    public override AgentJob Add(string id, string sha256, string file, Uri service, TaskPresets presets)
    {
        var input = InputFile.Read(file, string.Empty);
        var work = _journal.Query(index => index.WorkOf(_service, presets));
        if (!_journal.Query(index => index.Runs.Any(run => run.Work == work && run.Inputs.Contains(file))))
        {
            _journal.Append(new RunEntry
            {
                Work = work,
                Service = _service,
                Presets = presets,
                Inputs = [file],
                MaxMinutes = _maxMinutes,
                At = TimeProvider.System.GetUtcNow(),
            });
        }

        // Named by the ID: the name of a file is text that others wrote, and paths are part of results.
        _journal.Append(new FileEntry(work, file, input.Size, input.ModifiedAt, id, sha256));
        _records[id] = _journal.GetOrAdd(work, sha256, index => _layout.CreateJob(work, sha256, input, id, presets, index));
        return _jobs[id] = Read(id, _records[id], service);
    }

    public override void Save(AgentJob job)
    {
        var number = _records[job.Id].Number;
        var (before, after) = (_jobs[job.Id].Checkpoint, job.Checkpoint);
        if (after.Source != before.Source)
        {
            _journal.Append(after.Source is { } source
                ? new SourceEntry(_service, job.Sha256, source)
                : new DeletedEntry(before.Source!.Id.Value));
        }

        if (after.IdempotencyKey is { } key && key != before.IdempotencyKey)
        {
            _journal.AppendDurably(new StartingEntry(number, key, job.Minutes, after.Source!, TimeProvider.System.GetUtcNow()));
        }
        else if (after.IdempotencyKey is null && before.IdempotencyKey is not null)
        {
            _journal.AppendDurably(new RefusedEntry(number));
        }

        if (after.TaskId is { } task && task != before.TaskId)
        {
            _journal.AppendDurably(new StartedEntry(number, task.Value, TimeProvider.System.GetUtcNow()));
        }

        _journal.Append(after.Tracks.Except(before.Tracks).Select(track => new TrackEntry(
            number,
            track.Index,
            track.Label,
            JournalPath.Relative(Folder, track.Path),
            track.Size,
            HashOf(track.Path),
            File.GetLastWriteTimeUtc(track.Path))));
        if (after.IsDone && !before.IsDone)
        {
            _journal.Append(new DoneEntry(number));
        }

        if (job.End is { } end && _jobs[job.Id].End is null)
        {
            _journal.AppendDurably(end == AgentJobEnd.Lost ? new LostEntry(number)
                : new EndedEntry(number, end == AgentJobEnd.Canceled ? "The task was canceled." : "The task failed."));
        }

        _jobs[job.Id] = job;
    }

    public override DownloadOptions GetDownloadOptions(AgentJob job, TaskSucceeded task, int index)
    {
        var record = _records[job.Id];
        var template = Path.GetFileName(JournalPath.Normalize(record.Tracks));
        var name = TrackNames.Of([.. task.Tracks.Select(track => track.Label)], index);
        return new DownloadOptions
        {
            NameTemplate = template.Replace("{stem}", name, StringComparison.Ordinal),
            // As a run of the command line decides: see FileJob.
            ExistingFile = record.HasOldTracks || record.Files.Any(track => track.Index == index) ? ExistingFileBehavior.Overwrite
                : _journal.Query(journal => journal.JobsOf(job.Sha256).Count) == 1 ? ExistingFileBehavior.Skip
                : ExistingFileBehavior.Rename,
        };
    }

    protected override void Dispose(bool disposing)
    {
        _journal.Dispose();
        base.Dispose(disposing);
    }

    private AgentJob Read(string id, JobRecord record, Uri service)
    {
        var source = _journal.Query(index => index.FindSource(_service, record.Sha256));
        return new AgentJob
        {
            Id = id,
            Sha256 = record.Sha256,
            File = record.Input,
            Folder = JournalPath.Full(Folder, Path.GetDirectoryName(record.Tracks) ?? string.Empty),
            Minutes = record.Start?.Minutes,
            End = record.IsLost ? AgentJobEnd.Lost : record.EndReason is not null ? AgentJobEnd.Failed : null,
            Checkpoint = new JobCheckpoint
            {
                Presets = PresetsOf(record),
                Service = service,
                Source = record.Start?.Source ?? source,
                IdempotencyKey = record.Start?.Key,
                TaskId = record.TaskId is { } task ? new TaskId(task) : null,
                Tracks = [.. record.Files.Select(Read)],
                IsDone = record.IsDone,
            },
        };
    }

    private JobTrack Read(TrackEntry track) => new(track.Index, track.Label, JournalPath.Full(Folder, track.Path), track.Size);

    private TaskPresets PresetsOf(JobRecord record) => _journal.Query(index => index.Runs.First(run => run.Work == record.Work).Presets);

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
