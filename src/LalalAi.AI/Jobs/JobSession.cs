using System.Security.Cryptography;
using LalalAi.AI.Files;
using LalalAi.AI.Results;
using Microsoft.Extensions.AI;

namespace LalalAi.AI.Jobs;

/// <summary>
/// The jobs of one output folder in this process: which of them run, what they may cost, and that the same call is the same job.
/// </summary>
internal sealed class JobSession : IAsyncDisposable
{
    private const int ParallelUploads = 3;
    private const int ParallelDownloads = 4;
    private const int MaxJobIds = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobRun> _runs = [];
    private readonly LalalAiFunctionsOptions _options;
    private readonly AgentJobStore _store;
    private readonly MinutesBudget? _budget;
    private bool _isDisposed;

    /// <summary>Opens the session, and resumes what is paid for and unfinished: that is free.</summary>
    public JobSession(ILalalAiClient client, AllowedFolders folders, AgentJobStore store, LalalAiFunctionsOptions options)
    {
        Client = client;
        Folders = folders;
        _store = store;
        _options = options;
        _budget = options.MaxMinutes is { } maximum ? new MinutesBudget(maximum, store) : null;
        foreach (var job in store.Jobs.Values)
        {
            if (job is { IsPaid: true, End: null, Checkpoint.IsDone: false } && job.Checkpoint.Service == client.BaseAddress)
            {
                Resume(job);
            }
        }
    }

    public ILalalAiClient Client { get; }

    public AllowedFolders Folders { get; }

    public string OutputFolder => _store.Folder;

    public Places Uploads { get; } = new(ParallelUploads);

    public Places Downloads { get; } = new(ParallelDownloads);

    /// <summary>One start at a time: a kill can lose one at most.</summary>
    public Places Starts { get; } = new(1);

    public BudgetResult? Budget
    {
        get
        {
            lock (_lock)
            {
                return _budget is null ? null : new BudgetResult(_options.MaxMinutes!.Value, _store.MinutesSpent, _budget.Left);
            }
        }
    }

    /// <summary>The jobs that run, some of them if there are many: results must not flood the context of a model.</summary>
    public IReadOnlyList<string> RunningJobs
    {
        get
        {
            lock (_lock)
            {
                return [.. _runs.Values.Where(run => !run.Completion.IsCompleted).Select(run => run.Id).Take(MaxJobIds)];
            }
        }
    }

    public static async Task<string> HashAsync(FileStream file, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));

    public static JobState Ended(AgentJobEnd end) => new(JobStatus.Failed, Note: end switch
    {
        AgentJobEnd.Canceled => "The task was canceled.",
        AgentJobEnd.Lost => "The task was started, but the response with its ID was lost.",
        _ => "The task failed on the service.",
    } + " Its start may have been charged. Only a person can start the job again.");

    /// <summary>
    /// Returns the job on a content: the running one, the finished one, or a new one that the budget and the person accept.
    /// </summary>
    /// <param name="file">The file as the caller wrote it.</param>
    /// <param name="realPath">The file.</param>
    /// <param name="sha256">The hash of its content.</param>
    /// <param name="presets">What to do.</param>
    /// <param name="estimate">The price as far as the file tells.</param>
    /// <param name="arguments">The call.</param>
    /// <param name="cancellationToken">Cancels the question to the person, which starts nothing then.</param>
    /// <exception cref="LalalAiFunctionException">Nothing is started.</exception>
    public async Task<JobResult> StartAsync(
        string file,
        string realPath,
        string sha256,
        TaskPresets presets,
        double? estimate,
        AIFunctionArguments arguments,
        CancellationToken cancellationToken)
    {
        var id = AgentJob.CreateId(Client.BaseAddress, sha256, presets);
        JobRun run;
        double? minutes;
        double left;
        bool isAsked;
        lock (_lock)
        {
            var job = _store.Jobs.GetValueOrDefault(id);
            var isRunning = _runs.TryGetValue(id, out var current) && !current.Completion.IsCompleted;
            if (isRunning || job is { End: not null } || IsComplete(job))
            {
                return Describe(id);
            }

            if (job is { IsPaid: true })
            {
                Resume(job);
                return Describe(id);
            }

            // An earlier upload has measured the recording.
            minutes = job?.Checkpoint.Source?.EstimateMinutes(presets) ?? estimate;
            _budget!.Reserve(id, minutes);
            left = _budget.Left!.Value + (minutes ?? 0);
            isAsked = _options.ApproveAsync is not null && !(minutes <= _options.ApproveAboveMinutes);
            run = Replace(id, new JobRun(this, id, minutes));
            run.State = new JobState(isAsked ? JobStatus.AwaitingApproval : JobStatus.Waiting);
        }

        var request = new SpendRequest(file, presets, minutes, left, arguments);
        if (isAsked && !await IsApprovedAsync(request, cancellationToken).ConfigureAwait(false))
        {
            Abandon(run);
            throw new LalalAiFunctionException(
                "The user did not approve the job, or could not be asked in time. Nothing was started. Ask before you call again.");
        }

        lock (_lock)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                var approved = _options.ApproveAsync is null ? double.PositiveInfinity
                    : isAsked ? minutes ?? left
                    : _options.ApproveAboveMinutes;
                var job = _store.Jobs.GetValueOrDefault(id) ?? _store.Add(id, sha256, realPath, Client.BaseAddress, presets);
                // The same content may have got another name since.
                run.Start(job with { File = realPath }, approved);
            }
            catch
            {
                Abandon(run);
                throw;
            }

            return Describe(id);
        }
    }

    /// <summary>Returns the run of a job, or <see langword="null"/> if it does not run.</summary>
    /// <exception cref="LalalAiFunctionException">There is no such job.</exception>
    public JobRun? Find(string id)
    {
        lock (_lock)
        {
            return _runs.TryGetValue(id, out var run) ? run
                : _store.Jobs.ContainsKey(id) ? null
                : throw new LalalAiFunctionException($"{Quoted.Of(id)} is not the ID of a job. split and change_voice return IDs.");
        }
    }

    /// <summary>Resumes a paid job whose files are missing, and returns its run, or <see langword="null"/> if all is there.</summary>
    /// <exception cref="LalalAiFunctionException">There is no such job.</exception>
    public JobRun? Fetch(string id)
    {
        var run = Find(id);
        lock (_lock)
        {
            var isRunning = run is { Completion.IsCompleted: false };
            return isRunning || _store.Jobs.GetValueOrDefault(id) is not { IsPaid: true, End: null } job ? run
                : IsComplete(job) ? null
                : Resume(job);
        }
    }

    /// <summary>Stops a job, and cancels its task.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is { } run)
        {
            await run.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        AgentJob? job;
        lock (_lock)
        {
            job = _store.Jobs.GetValueOrDefault(id);
        }

        if (job is { End: null, Checkpoint: { IsDone: false, TaskId: { } task } }
            && await Client.CancelAsync(task, cancellationToken).ConfigureAwait(false) is CancelSucceeded)
        {
            Save(job with { End = AgentJobEnd.Canceled });
        }
    }

    public JobResult Describe(string id)
    {
        lock (_lock)
        {
            var run = _runs.GetValueOrDefault(id);
            var job = _store.Jobs.GetValueOrDefault(id);
            var state = job is { End: { } end } ? Ended(end) with { ServiceText = run?.State.ServiceText }
                : run is not null ? run.State
                : job is { Checkpoint.IsDone: true } ? new JobState(JobStatus.Done)
                : new JobState(JobStatus.Stopped, Note: "The job was not started. Call split or change_voice again to start it.");
            if (state.Status == JobStatus.Done && !IsComplete(job))
            {
                state = state with { Note = "Files are missing. Call download to fetch them again." };
            }

            var files = job is null ? [] : FilesOf(job);
            return new JobResult
            {
                Job = id,
                Status = state.Status,
                Percent = state.Percent,
                Minutes = run?.Minutes ?? job?.Minutes,
                BudgetLeft = _budget?.Left,
                Files = files.Count > 0 ? files : null,
                Note = state.Note,
                ServiceText = state.ServiceText,
            };
        }
    }

    public AgentJob Save(AgentJob job)
    {
        lock (_lock)
        {
            _store.Save(job);
            if (job.IsPaid)
            {
                // From here on, the store counts it.
                _budget?.Release(job.Id);
            }

            return job;
        }
    }

    public void Reserve(string id, double minutes)
    {
        lock (_lock)
        {
            (_budget ?? throw new LalalAiFunctionException("There is no budget. Nothing was started.")).Reserve(id, minutes);
        }
    }

    public void Release(string id)
    {
        lock (_lock)
        {
            _budget?.Release(id);
        }
    }

    public DownloadOptions GetDownloadOptions(AgentJob job, TaskSucceeded task, int index)
    {
        lock (_lock)
        {
            return _store.GetDownloadOptions(job, task, index);
        }
    }

    public async ValueTask DisposeAsync()
    {
        JobRun[] runs;
        lock (_lock)
        {
            _isDisposed = true;
            runs = [.. _runs.Values];
        }

        await Task.WhenAll(runs.Select(run => run.StopAsync())).ConfigureAwait(false);
        foreach (var run in runs)
        {
            run.Dispose();
        }

        Uploads.Dispose();
        Downloads.Dispose();
        Starts.Dispose();
        _store.Dispose();
    }

    private JobRun Resume(AgentJob job)
    {
        var run = Replace(job.Id, new JobRun(this, job.Id, job.Minutes));
        run.Start(job);
        return run;
    }

    private JobRun Replace(string id, JobRun run)
    {
        if (_runs.Remove(id, out var ended))
        {
            ended.Dispose();
        }

        _runs.Add(id, run);
        return run;
    }

    private void Abandon(JobRun run)
    {
        lock (_lock)
        {
            _budget!.Release(run.Id);
            _runs.Remove(run.Id);
            run.Abandon();
            run.Dispose();
        }
    }

    private async Task<bool> IsApprovedAsync(SpendRequest request, CancellationToken cancellationToken)
    {
        using var timeout = _options.TimeProvider.CreateCancellationTokenSource(_options.ApprovalTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _options.ApproveAsync!(request, linked.Token).WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A question that failed has no yes for an answer.
            return false;
        }
    }

    private static bool IsComplete(AgentJob? job) =>
        job is { Checkpoint.IsDone: true } && FilesOf(job).Count == job.Checkpoint.Tracks.Count;

    private static List<FileResult> FilesOf(AgentJob job) =>
    [
        .. job.Checkpoint.Tracks
            .OrderBy(track => track.Index)
            .Where(track => new FileInfo(track.Path) is { Exists: true } file && file.Length == track.Size)
            .Select(track => new FileResult(Quoted.Limit(track.Label), track.Path, track.Size)),
    ];
}
