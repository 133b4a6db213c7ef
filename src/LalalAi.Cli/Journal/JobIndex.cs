using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Journal;

/// <summary>What the entries of a journal come to: a small record for each file. Not thread-safe; the journal guards it.</summary>
internal sealed class JobIndex
{
    private readonly List<RunEntry> _runs = [];
    private readonly List<JobRecord> _jobs = [];
    private readonly Dictionary<(int Work, string Sha256), JobRecord> _byContent = [];
    private readonly Dictionary<(string Service, string Sha256), SourceEntry> _sources = [];

    private readonly Dictionary<int, double> _minutes = [];

    // File systems differ in telling case apart; keeping too many names apart costs a number in a name.
    private readonly HashSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<RunEntry> Runs => _runs;

    public IReadOnlyList<JobRecord> Jobs => _jobs;

    public IEnumerable<SourceEntry> Sources => _sources.Values;

    /// <summary>The minutes of everything that was started with a service, or may have been.</summary>
    public double MinutesSpent(string service) => _runs.Where(run => run.Service == service).Select(run => run.Work).Distinct().Sum(work => _minutes.GetValueOrDefault(work));

    public JobRecord? Find(int work, string sha256) => _byContent.GetValueOrDefault((work, sha256));

    public SourceEntry? FindSource(string service, string sha256) => _sources.GetValueOrDefault((service, sha256));

    /// <summary>The jobs on the same content, one for each work.</summary>
    public IEnumerable<JobRecord> FindAll(string sha256) => _runs.Select(run => run.Work).Distinct().Select(work => Find(work, sha256)).OfType<JobRecord>();

    /// <summary>Whether a folder, below the output folder, is where a job's tracks go.</summary>
    public bool OwnsFolder(string folder) => _folders.Contains(folder);

    /// <summary>The number of the work that does this with files, or the next that is free.</summary>
    public int WorkOf(string service, string kind, JObject presets) =>
        _runs.FirstOrDefault(run => run.Service == service && run.Kind == kind && JToken.DeepEquals(run.Presets, presets))?.Work
        ?? _runs.Select(run => run.Work).DefaultIfEmpty().Max() + 1;

    /// <exception cref="InvalidDataException">The entry is about a file that no entry before it names.</exception>
    public void Apply(JournalEntry entry)
    {
        switch (entry)
        {
            case RunEntry run:
                _runs.Add(run);
                break;
            case FileEntry file:
                var job = new JobRecord(file);
                if (file.Job != _jobs.Count + 1 || !_byContent.TryAdd((file.Work, file.Sha256), job))
                {
                    throw new InvalidDataException($"the file {file.Job} is there twice, or out of order");
                }

                _jobs.Add(job);
                _folders.Add(file.Folder);
                break;
            case SourceEntry source:
                _sources[(source.Service, source.Sha256)] = source;
                break;
            case StartingEntry starting:
                JobOf(starting.Job).Apply(starting);
                Spend(starting.Job, starting.Minutes);
                break;
            case StartedEntry started:
                JobOf(started.Job).Apply(started);
                break;
            case RefusedEntry refused:
                Spend(refused.Job, -(JobOf(refused.Job).Start?.Minutes ?? 0));
                JobOf(refused.Job).DropStart();
                break;
            case LostEntry lost:
                JobOf(lost.Job).Lose();
                break;
            case SucceededEntry succeeded:
                JobOf(succeeded.Job).Apply(succeeded);
                break;
            case EndedEntry ended:
                JobOf(ended.Job).Apply(ended);
                break;
            case TrackEntry track:
                JobOf(track.Job).Apply(track);
                break;
            case DeletedEntry deleted:
                foreach (var gone in _sources.Where(source => source.Value.SourceId == deleted.SourceId).Select(source => source.Key).ToList())
                {
                    _sources.Remove(gone);
                }

                break;
        }
    }

    /// <summary>Forgets what a service held that ended with an earlier process.</summary>
    public void Forget(string service)
    {
        foreach (var source in _sources.Keys.Where(source => source.Service == service).ToList())
        {
            _sources.Remove(source);
        }

        var works = _runs.Where(run => run.Service == service).Select(run => run.Work).ToHashSet();
        foreach (var job in _jobs.Where(job => works.Contains(job.Work)))
        {
            job.DropStart();
        }
    }

    private void Spend(int job, double minutes) => _minutes[JobOf(job).Work] = _minutes.GetValueOrDefault(JobOf(job).Work) + minutes;

    private JobRecord JobOf(int number) =>
        number >= 1 && number <= _jobs.Count ? _jobs[number - 1] : throw new InvalidDataException($"there is no file {number} before it");
}
