using System.Security.Cryptography;
using LalalAi.AI.Files;
using LalalAi.AI.Results;
using Microsoft.Extensions.AI;

namespace LalalAi.AI.Jobs;

/// <summary>
/// The jobs of one output folder in this process. It runs them within the budget, and recognizes repeated calls.
/// </summary>
internal sealed class JobSession : IAsyncDisposable
{
    private const int ParallelUploads = 3;
    private const int ParallelDownloads = 4;
    private const int MaxJobIds = 20;

    // Longer questions have no limit, which timers could not measure.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private const string NotApproved =
        "The user did not approve the job, did not answer in time, or could not be asked. Nothing was started. Ask before you call again.";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobRun> _runs = [];
    private readonly LalalAiFunctionsOptions _options;
    private readonly AgentJobStore _store;
    private readonly MinutesBudget? _budget;
    private bool _isDisposed;

    /// <summary>Opens the session, and resumes unfinished jobs that are paid for, which is free.</summary>
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

    /// <summary>One start at a time, so that a crash can lose at most one.</summary>
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

    /// <summary>The running jobs. The list is limited, because results use the context of a model.</summary>
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
    /// Returns the job for a content: the running job, the finished job, or a new job within the budget that the person approved.
    /// </summary>
    /// <param name="file">The path that the caller passed.</param>
    /// <param name="realPath">The path without links.</param>
    /// <param name="sha256">The hash of its content.</param>
    /// <param name="presets">The parameters of the task.</param>
    /// <param name="estimate">The price according to the file, or <see langword="null"/>.</param>
    /// <param name="arguments">The call.</param>
    /// <exception cref="LalalAiFunctionException">Nothing is started.</exception>
    public JobResult Start(
        string file, string realPath, string sha256, TaskPresets presets, double? estimate, AIFunctionArguments arguments)
    {
        var id = AgentJob.CreateId(Client.BaseAddress, sha256, presets);
        JobRun run;
        double? minutes;
        double left;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
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

            // The duration is known from an earlier upload.
            minutes = job?.Checkpoint.Source?.EstimateMinutes(presets) ?? estimate;
            _budget!.Reserve(id, minutes);
            left = _budget.Left!.Value + (minutes ?? 0);
            run = Replace(id, new JobRun(this, id, minutes));
            if (_options.ApproveAsync is null || minutes <= _options.ApproveAboveMinutes)
            {
                try
                {
                    Accept(_options.ApproveAsync is null ? double.PositiveInfinity : _options.ApproveAboveMinutes);
                    return Describe(id);
                }
                catch
                {
                    _budget.Release(id);
                    _runs.Remove(id);
                    run.Dispose();
                    throw;
                }
            }

            run.State = new JobState(JobStatus.AwaitingApproval);
        }

        // In the background, because people take longer than clients wait.
        run.Decision = DecideAsync(run, new SpendRequest(file, presets, minutes, left, arguments), () => Accept(minutes ?? left));
        return Describe(id);

        void Accept(double approvedMinutes)
        {
            var job = _store.Jobs.GetValueOrDefault(id) ?? _store.Add(id, sha256, realPath, Client.BaseAddress, presets);
            // The same content may have another path now.
            run.Start(job with { File = realPath }, approvedMinutes);
        }
    }

    /// <summary>Returns the run of a job, or <see langword="null"/> if it is not running.</summary>
    /// <exception cref="LalalAiFunctionException">The job does not exist.</exception>
    public JobRun? Find(string id)
    {
        lock (_lock)
        {
            return _runs.TryGetValue(id, out var run) ? run
                : _store.Jobs.ContainsKey(id) ? null
                : throw new LalalAiFunctionException($"{Quoted.Of(id)} is not the ID of a job. split and change_voice return IDs.");
        }
    }

    /// <summary>Resumes a paid job whose files are missing, and returns its run, or <see langword="null"/> if all files exist.</summary>
    /// <exception cref="LalalAiFunctionException">The job does not exist.</exception>
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
                // From now on, the store counts its minutes.
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

    /// <summary>Accepts a job if the person approves it. Otherwise, nothing is started.</summary>
    private async Task DecideAsync(JobRun run, SpendRequest request, Action accept)
    {
        var isApproved = await IsApprovedAsync(request, run.Stopping).ConfigureAwait(false);
        lock (_lock)
        {
            try
            {
                if (run.Stopping.IsCancellationRequested)
                {
                    run.End(new JobState(JobStatus.Stopped, Note: "The job was canceled before it was approved. Nothing was started."));
                }
                else if (isApproved)
                {
                    accept();
                }
                else
                {
                    run.End(new JobState(JobStatus.Declined, Note: NotApproved));
                }
            }
            catch (Exception exception)
            {
                run.End(JobRun.Stopped(exception));
            }
        }
    }

    private async Task<bool> IsApprovedAsync(SpendRequest request, CancellationToken cancellationToken)
    {
        var limit = _options.ApprovalTimeout > LongestTimer ? Timeout.InfiniteTimeSpan : _options.ApprovalTimeout;
        using var timeout = _options.TimeProvider.CreateCancellationTokenSource(limit);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _options.ApproveAsync!(request, linked.Token).WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A failed question counts as a rejection.
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
