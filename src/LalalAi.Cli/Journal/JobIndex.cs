using LalalAi.AI;

namespace LalalAi.Cli.Journal;

/// <summary>
/// What the entries of a journal amount to. Applying an entry takes constant time. Not thread-safe; the journal guards it.
/// </summary>
internal sealed class JobIndex
{
    private readonly List<RunEntry> _runs = [];
    private readonly List<JobRecord> _jobs = [];
    private readonly Dictionary<(int Work, string Sha256), JobRecord> _jobsByContent = [];
    private readonly Dictionary<(int Work, string Path), FileEntry> _files = [];
    private readonly Dictionary<string, FileEntry> _filesByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Service, string Sha256), SourceFile> _sources = [];
    private readonly Dictionary<string, (string Service, string Sha256)> _contentOfSource = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JobRecord>> _jobsOfContent = new(StringComparer.Ordinal);
    private readonly HashSet<long> _sizes = [];

    // File systems differ in case sensitivity. A name has a content once one of its files was read.
    private readonly Dictionary<string, string?> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _nameOfContent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _trackFolders = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _trackPaths = new(StringComparer.Ordinal);

    public IReadOnlyList<RunEntry> Runs => _runs;

    public IReadOnlyList<JobRecord> Jobs => _jobs;

    public int TrackCount => _trackPaths.Count;

    /// <summary>
    /// The number of the work that does this, or the next free one. Equivalent presets are the same work, unless the journal has a work
    /// for each of them.
    /// </summary>
    public int WorkOf(string service, TaskPresets presets) =>
        _runs.Where(run => run.Service == service && run.Presets.Normalize() == presets.Normalize())
            .OrderByDescending(run => run.Presets == presets)
            .FirstOrDefault()?.Work
            ?? _runs.Select(run => run.Work).DefaultIfEmpty().Max() + 1;

    /// <summary>The first run of a work. All of them have its presets and its service.</summary>
    public RunEntry RunOf(int work) => _runs.First(run => run.Work == work);

    /// <summary>
    /// The minutes of everything that was or may have been started on a service, or <see langword="null"/> if the price of a part is not
    /// known.
    /// </summary>
    public double? MinutesSpent(string service)
    {
        var works = WorksOf(service);
        return _jobs.Where(job => works.Contains(job.Work)).Aggregate((double?)0, (sum, job) => sum + job.Spent);
    }

    public JobRecord? FindJob(int work, string sha256) => _jobsByContent.GetValueOrDefault((work, sha256));

    public IReadOnlyList<JobRecord> JobsOf(string sha256) => _jobsOfContent.TryGetValue(sha256, out var jobs) ? jobs : [];

    public IEnumerable<FileEntry> FilesOf(int work) => _files.Values.Where(file => file.Work == work);

    /// <summary>What is known of a file in a work, or in another one.</summary>
    public FileEntry? FindFile(int work, string path) => _files.GetValueOrDefault((work, path)) ?? _filesByPath.GetValueOrDefault(path);

    /// <summary>The hash of a file that was read before and has not changed since, or <see langword="null"/>.</summary>
    public string? FindHash(int work, string path, long size, DateTimeOffset modifiedAt) =>
        FindFile(work, path) is { } known && known.Matches(size, modifiedAt) ? known.Sha256 : null;

    public bool IsFileOf(int work, string path) => _files.ContainsKey((work, path));

    /// <summary>Whether any file of this size was seen, so that a new one may have the same content.</summary>
    public bool KnowsSize(long size) => _sizes.Contains(size);

    public SourceFile? FindSource(string service, string sha256) => _sources.GetValueOrDefault((service, sha256));

    public IEnumerable<(string Sha256, SourceFile Source)> SourcesOf(string service) =>
        _sources.Where(source => source.Key.Service == service).Select(source => (source.Key.Sha256, source.Value));

    /// <summary>The length of a recording, if a task was started on it.</summary>
    public TimeSpan? FindDuration(string sha256) =>
        JobsOf(sha256).Select(job => job.Start?.Source.Duration).FirstOrDefault(length => length is not null);

    /// <summary>Whether no other recording has the name.</summary>
    public bool IsFree(string name, string? sha256 = null) =>
        !_names.TryGetValue(name, out var owner) || (sha256 is not null && owner == sha256);

    /// <summary>Whether a name was reserved for a file that was not read yet.</summary>
    public bool IsReserved(string name) => _names.TryGetValue(name, out var owner) && owner is null;

    /// <summary>The name of a recording, if it has one.</summary>
    public string? NameOf(string sha256) => _nameOfContent.GetValueOrDefault(sha256);

    /// <summary>Whether a file, below the output folder, is a track: a recorded one, or any file in a folder of tracks.</summary>
    public bool OwnsTrack(string path) => _trackPaths.Contains(path) || _trackFolders.Contains(FolderOf(path));

    public HashSet<int> WorksOf(string service) => [.. _runs.Where(run => run.Service == service).Select(run => run.Work)];

    /// <exception cref="InvalidDataException">The entry refers to a job that no entry before it defines.</exception>
    public void Apply(JournalEntry entry)
    {
        switch (entry)
        {
            case RunEntry run:
                _runs.Add(run);
                break;
            case FileEntry file:
                _files[(file.Work, file.Path)] = file;
                _filesByPath[file.Path] = file;
                _names.TryAdd(file.Name, null);
                _sizes.Add(file.Size);
                break;
            case JobEntry job:
                Add(job);
                break;
            case SourceEntry source:
                _sources[(source.Service, source.Sha256)] = source.Source;
                _contentOfSource[source.Source.Id.Value] = (source.Service, source.Sha256);
                break;
            case StartingEntry starting:
                JobOf(starting.Job).Apply(starting);
                break;
            case StartedEntry started:
                JobOf(started.Job).Apply(started);
                break;
            case RefusedEntry refused:
                JobOf(refused.Job).Refuse();
                break;
            case LostEntry lost:
                JobOf(lost.Job).Lose();
                break;
            case EndedEntry ended:
                JobOf(ended.Job).Apply(ended);
                break;
            case TrackEntry track:
                JobOf(track.Job).Apply(track);
                _trackPaths.Add(JournalPath.Normalize(track.Path));
                break;
            case DoneEntry done:
                JobOf(done.Job).Finish();
                break;
            case DeletedEntry deleted when _contentOfSource.Remove(deleted.SourceId, out var content):
                _sources.Remove(content);
                break;
        }
    }

    /// <summary>Forgets what a service contained that ended with an earlier process.</summary>
    public void Forget(string service)
    {
        foreach (var source in _sources.Keys.Where(source => source.Service == service).ToList())
        {
            _sources.Remove(source);
        }

        var works = WorksOf(service);
        foreach (var job in _jobs.Where(job => works.Contains(job.Work)))
        {
            job.Reset();
        }
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : string.Empty;

    private void Add(JobEntry entry)
    {
        var job = new JobRecord(entry);
        if (entry.Job != _jobs.Count + 1 || !_jobsByContent.TryAdd((entry.Work, entry.Sha256), job))
        {
            throw new InvalidDataException($"the job {entry.Job} is there twice, or out of order");
        }

        _jobs.Add(job);
        _names[entry.Name] = entry.Sha256;
        _nameOfContent.TryAdd(entry.Sha256, entry.Name);
        if (!_jobsOfContent.TryGetValue(entry.Sha256, out var jobs))
        {
            _jobsOfContent.Add(entry.Sha256, jobs = []);
        }

        jobs.Add(job);
        if (FolderOf(JournalPath.Normalize(entry.Tracks)) is { Length: > 0 } folder && !IsShared(entry.Tracks))
        {
            _trackFolders.Add(folder);
        }
    }

    // A layout such as `song ({stem}).wav` puts tracks of several recordings into one folder, and recordings may be there too.
    private static bool IsShared(string tracks) => !tracks[(tracks.LastIndexOf('/') + 1)..].StartsWith("{stem}", StringComparison.Ordinal);

    private JobRecord JobOf(int number) =>
        number >= 1 && number <= _jobs.Count ? _jobs[number - 1] : throw new InvalidDataException($"there is no job {number} before it");
}
