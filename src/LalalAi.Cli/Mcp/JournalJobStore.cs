using LalalAi.AI;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Mcp;

/// <summary>
/// Stores the jobs of agents in the journal of an output folder. <c>resume</c>, <c>status</c> and <c>delete</c> include them, and the
/// minutes of agents and people are counted together.
/// </summary>
internal sealed class JournalJobStore : AgentJobStore
{
    private readonly JobJournal _journal;
    private readonly OutputLayout _layout;
    private readonly string _service;
    private readonly double? _maxMinutes;
    private readonly Dictionary<string, AgentJob> _jobs = [];
    private readonly Dictionary<string, JournaledJob> _journaled = [];

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
        // Of jobs with equivalent presets, the agent gets the one with tracks, or the one that is paid for.
        foreach (var record in journal.Query(index => index.Jobs.Where(job => works.Contains(job.Work)).ToList())
            .OrderByDescending(record => record.IsDone)
            .ThenByDescending(record => record.IsInProgress)
            .ThenByDescending(record => record.Start is not null))
        {
            var job = new JournaledJob(journal, record);
            var checkpoint = job.Read(address);
            var id = AgentJob.CreateId(address, record.Sha256, checkpoint.Presets);
            if (_journaled.TryAdd(id, job))
            {
                _jobs.Add(id, Describe(id, job, checkpoint));
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

        // Named by the ID, because file names are untrusted text, and results contain paths. Without the time, because the file may have
        // been replaced since it was read, for example during an approval.
        _journal.Append(new FileEntry(work, file, input.Size, ModifiedAt: default, id, sha256));
        var record = _journal.GetOrAdd(work, sha256, index => _layout.CreateJob(work, sha256, input, id, presets, index));
        var job = _journaled[id] = new JournaledJob(_journal, record);
        return _jobs[id] = Describe(id, job, job.Read(service));
    }

    public override void Save(AgentJob job)
    {
        var (journaled, before) = (_journaled[job.Id], _jobs[job.Id]);
        journaled.Append(before.Checkpoint, job.Checkpoint, job.Sha256);
        if (job.End is { } end && before.End is null)
        {
            var number = journaled.Record.Number;
            _journal.Append(end == AgentJobEnd.Lost ? new LostEntry(number)
                : new EndedEntry(number, end == AgentJobEnd.Canceled ? "The task was canceled." : "The task failed."));
        }

        _jobs[job.Id] = job;
    }

    public override DownloadOptions GetDownloadOptions(AgentJob job, TaskSucceeded task, int index) =>
        _journaled[job.Id].GetDownloadOptions(task, index);

    protected override void Dispose(bool disposing)
    {
        _journal.Dispose();
        base.Dispose(disposing);
    }

    private static AgentJob Describe(string id, JournaledJob job, JobCheckpoint checkpoint) => new()
    {
        Id = id,
        Sha256 = job.Record.Sha256,
        File = job.Record.Input,
        Folder = job.Folder,
        Minutes = job.Record.Start?.Minutes,
        End = job.Record.IsLost ? AgentJobEnd.Lost : job.Record.EndReason is not null ? AgentJobEnd.Failed : null,
        Checkpoint = checkpoint,
    };
}
