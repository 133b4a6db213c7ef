using LalalAi.Cluster.Jobs;
using LalalAi.Cluster.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;

namespace LalalAi.Cluster.Catalogs;

/// <summary>
/// A catalog: which of its jobs run, what they may cost, and how they ended. The jobs know how far they are; what is stored here can be
/// behind, but never about reserved minutes. The sweep runs every job that is in progress again, which a running job ignores. Thereby a
/// job survives its silo, and the catalog, by its reminder, survives its own.
/// </summary>
[Reentrant]
internal sealed partial class CatalogGrain(
    [FromKeyedServices(LalalAiClusterOptions.StorageName)] IGrainStorage storage,
    IOptions<LalalAiClusterOptions> options,
    ILogger<CatalogGrain> logger) : Grain, ICatalogGrain, ICatalogLedger, IRemindable, IDisposable
{
    private const int PageSize = 1000;
    private const int ResultPageSize = 200;
    private const string ReminderName = "sweep";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(20);

    private readonly LalalAiClusterOptions _options = options.Value;

    // Guards the addition of jobs, for which the reminder is registered, and the end of the sweeps, for which it is unregistered.
    private readonly SemaphoreSlim _jobsLock = new(1);

    private readonly List<StoredValue<List<JobRequest>>> _pages = [];
    private readonly List<JobRequest> _requests = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private StoredValue<CatalogRecord> _stored = null!;
    private CatalogRecord _record = null!;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _saving = Task.CompletedTask;
    private Task? _nextSave;
    private OrleansException? _failure;
    private int _savedResults;
    private IGrainTimer? _timer;

    private string Name => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stored = Stored<CatalogRecord>("catalog");
        await _stored.ReadAsync(cancellationToken);
        _record = _stored.Value ?? new CatalogRecord { MaxMinutes = _options.MaxMinutes };
        _savedResults = _record.ResultCount;
        while (_requests.Count < _record.Jobs)
        {
            // After a crash, a page can have more jobs than the catalog knows.
            var page = await ReadPageAsync(_pages.Count, cancellationToken);
            Append(page.Value!.Take(_record.Jobs - _requests.Count));
        }

        if (!_record.IsComplete)
        {
            BeginSweeps();
        }
    }

    public void Dispose() => _jobsLock.Dispose();

    /// <summary>
    /// The activation is what the reminder is for. A complete catalog has one only if an earlier attempt to unregister it failed.
    /// </summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => _record.IsComplete ? EndSweepsAsync() : Task.CompletedTask;

    public async Task<int> AddPageAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Count > PageSize)
        {
            throw new ArgumentException(
                $"There are {requests.Count} jobs; a page has up to {PageSize}. Use AddAsync, which makes pages.", nameof(requests));
        }

        if (requests.FirstOrDefault(request => string.IsNullOrWhiteSpace(request.Name)) is { } nameless)
        {
            throw new ArgumentException(
                $"The job with the source '{nameless.Source}' has an empty name. Set {nameof(JobRequest)}.{nameof(JobRequest.Name)}.",
                nameof(requests));
        }

        await _jobsLock.WaitAsync(cancellationToken);
        try
        {
            ThrowIfCanceled();
            List<JobRequest> added =
                [.. requests.DistinctBy(request => request.Name).Where(request => !_indexes.ContainsKey(request.Name))];
            // First, because it can fail. Then no job is added.
            await RegisterReminderAsync(cancellationToken);
            foreach (var part in Split(added))
            {
                await AppendAsync(part);
            }

            await SaveAsync();
            BeginSweeps();
            return added.Count;
        }
        finally
        {
            _jobsLock.Release();
        }
    }

    public Task<CatalogStatus> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(new CatalogStatus
    {
        State = _record.State,
        Reason = _record.Reason,
        Jobs = _record.Jobs,
        InProgress = _record.Running.Count,
        Done = _record.Done,
        Failed = _record.Failed,
        Lost = _record.Lost.Count,
        Canceled = _record.Canceled,
        Minutes = _record.Minutes,
        MaxMinutes = _record.MaxMinutes,
    });

    public async Task<CatalogResults> GetResultsAsync(int position, CancellationToken cancellationToken)
    {
        if (position >= _savedResults && !IsSavedCompletely)
        {
            await Task.WhenAny(_changed.Task, Task.Delay(LongestPoll, TimeProvider.System, cancellationToken));
        }

        var (page, first) = position < _record.PagedResults
            ? ((await ReadResultsAsync(position / ResultPageSize, cancellationToken)).Value!, position % ResultPageSize)
            : (_record.Results, position - _record.PagedResults);
        // What is not stored yet may have another order after a crash.
        List<JobStatus> results = [.. page.Skip(first).Take(_savedResults - position)];
        return new CatalogResults(results, IsSavedCompletely && position + results.Count >= _savedResults);
    }

    public Task PauseAsync(CancellationToken cancellationToken) => PauseAsync("The catalog was paused.");

    public Task PauseAsync(string reason)
    {
        Pause(reason);
        return SaveAsync();
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        ThrowIfCanceled();
        (_record.State, _record.Reason) = (CatalogState.Running, null);
        await SaveAsync();
        Sweep();
    }

    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        (_record.State, _record.Reason) = (CatalogState.Canceled, null);
        await SaveAsync();
        Sweep();
    }

    public Task SetMaxMinutesAsync(double? minutes, CancellationToken cancellationToken)
    {
        _record.MaxMinutes = minutes is null or >= 0
            ? minutes
            : throw new ArgumentOutOfRangeException(nameof(minutes), minutes, "The limit must be zero or more, or null for none.");
        return SaveAsync();
    }

    public async Task<Reservation> ReserveAsync(string job, double? minutes, bool isStarted)
    {
        if (!_indexes.TryGetValue(job, out var index) || !_record.Running.TryGetValue(index, out var reserved))
        {
            // The job is finished by another activation.
            return Reservation.Paused;
        }

        if (!isStarted && _record.State != CatalogState.Running)
        {
            return Reservation.Paused;
        }

        if (reserved is null)
        {
            if (!isStarted && _record.MaxMinutes is { } limit)
            {
                if (minutes is null)
                {
                    return Reservation.PriceUnknown;
                }

                if (_record.Minutes + minutes > limit)
                {
                    Pause($"The next job costs {minutes:0.##} minutes, and {_record.Minutes:0.##} of {limit:0.##} are spent. "
                        + "Raise the limit, and resume the catalog.");
                    await SaveAsync();
                    return Reservation.Paused;
                }
            }

            _record.Running[index] = minutes ?? 0;
        }

        await SaveAsync();
        return Reservation.Granted;
    }

    public async Task CompleteAsync(JobStatus status)
    {
        if (_indexes.TryGetValue(status.Name, out var index) && _record.Complete(index, status))
        {
            Fill();
        }

        await SaveAsync();
        if (_record.IsComplete)
        {
            await EndSweepsAsync();
        }
    }

    public async Task ReopenAsync(JobStatus former, bool hasTask)
    {
        await _jobsLock.WaitAsync();
        try
        {
            ThrowIfCanceled();
            if (_indexes.TryGetValue(former.Name, out var index))
            {
                await RegisterReminderAsync(CancellationToken.None);
                _record.Reopen(index, former, hasTask);
                await SaveAsync();
                BeginSweeps();
            }
        }
        finally
        {
            _jobsLock.Release();
        }
    }

    private bool IsSavedCompletely => _record.IsComplete && _savedResults == _record.ResultCount;

    private void Pause(string reason)
    {
        if (_record.State == CatalogState.Running)
        {
            (_record.State, _record.Reason) = (CatalogState.Paused, reason);
            LogPaused(Name, reason);
        }
    }

    private void ThrowIfCanceled()
    {
        if (_record.State == CatalogState.Canceled)
        {
            throw new InvalidOperationException($"The catalog '{Name}' was canceled. Use another name for new jobs.");
        }
    }

    private void BeginSweeps()
    {
        if (_timer is not null)
        {
            Fill();
            return;
        }

        _timer = this.RegisterGrainTimer(
            () =>
            {
                Sweep();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(_options.SweepInterval, _options.SweepInterval) { Interleave = true, KeepAlive = true });
        Sweep();
    }

    private Task<IGrainReminder> RegisterReminderAsync(CancellationToken cancellationToken) =>
        this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);

    /// <summary>Ends the sweeps of a complete catalog. Does not throw: the results are stored.</summary>
    private async Task EndSweepsAsync()
    {
        await _jobsLock.WaitAsync();
        try
        {
            if (_record.IsComplete)
            {
                _timer?.Dispose();
                _timer = null;
                if (await this.GetReminder(ReminderName) is { } reminder)
                {
                    await this.UnregisterReminder(reminder);
                }
            }
        }
        catch (Exception exception)
        {
            LogReminderNotUnregistered(exception, Name, ReminderPeriod);
        }
        finally
        {
            _jobsLock.Release();
        }
    }

    /// <summary>
    /// Runs what is in progress, and what there is room for. While the catalog is paused, it runs only the jobs whose tasks may have been
    /// started.
    /// </summary>
    private void Sweep()
    {
        foreach (var (index, reserved) in _record.Running)
        {
            if (_record.State != CatalogState.Paused || reserved is not null)
            {
                _ = RunAsync(index);
            }
        }

        Fill();
    }

    private void Fill()
    {
        while (_record.State == CatalogState.Running && _record.Next < _record.Jobs && _record.Running.Count < _options.MaxConcurrentJobs)
        {
            var index = _record.Next++;
            _record.Running.Add(index, null);
            _ = RunAsync(index);
        }
    }

    private async Task RunAsync(int index)
    {
        // Not while the jobs are enumerated.
        await Task.Yield();
        try
        {
            var request = _requests[index];
            LocationDirector.Set(request.Location);
            var job = GrainFactory.GetGrain<IJobRunner>(new JobName(Name, request.Name).Key);
            var status = _record.State == CatalogState.Canceled ? await job.CancelAsync(request) : await job.RunAsync(request);
            if (status.IsFinal)
            {
                await CompleteAsync(status);
            }
        }
        catch (Exception exception)
        {
            LogNotRun(exception, _requests[index].Name, Name, _options.SweepInterval);
        }
    }

    /// <summary>Stores what has changed up to now. Changes that are made during a write share the next one.</summary>
    private Task SaveAsync()
    {
        return _nextSave ??= SaveNextAsync(_saving);

        async Task SaveNextAsync(Task previous)
        {
            await previous.ConfigureAwait(
                ConfigureAwaitOptions.ForceYielding
                | ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ContinueOnCapturedContext);
            (_saving, _nextSave) = (_nextSave!, null);
            await DeactivateOnFailureAsync(WriteAsync);
        }
    }

    /// <summary>
    /// Runs a write. After one that failed, all later ones fail as well: what is stored belongs to the activation that replaced this one.
    /// </summary>
    private async Task DeactivateOnFailureAsync(Func<Task> write)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            await write();
        }
        catch (Exception exception)
        {
            DeactivateOnIdle();
            // Calls that wait for results would delay that.
            _changed.TrySetResult();
            // Without the cause: it has no codec, and a job would take it for the takeover of its own activation.
            throw _failure = new OrleansException(exception.Message);
        }
    }

    private async Task WriteAsync()
    {
        var results = await WriteRecordAsync();
        if (results < ResultPageSize)
        {
            return;
        }

        // A page has only results that are in the stored record: another activation would write the same page.
        for (; results >= ResultPageSize; results -= ResultPageSize)
        {
            var page = await ReadResultsAsync(_record.PagedResults / ResultPageSize, CancellationToken.None);
            await page.WriteAsync(_record.Results[..ResultPageSize], CancellationToken.None);
            _record.Results.RemoveRange(0, ResultPageSize);
            _record.PagedResults += ResultPageSize;
        }

        await WriteRecordAsync();
    }

    /// <summary>Writes the record, and returns how many results it contains.</summary>
    private async Task<int> WriteRecordAsync()
    {
        var (results, savedResults) = (_record.Results.Count, _record.ResultCount);
        await _stored.WriteAsync(_record, CancellationToken.None);
        _savedResults = savedResults;
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return results;
    }

    /// <summary>Splits new jobs where a page is full.</summary>
    private IEnumerable<List<JobRequest>> Split(List<JobRequest> added)
    {
        var room = PageSize - (_requests.Count % PageSize);
        return new[] { added[..Math.Min(room, added.Count)], added[Math.Min(room, added.Count)..] }.Where(part => part.Count > 0);
    }

    private async Task AppendAsync(List<JobRequest> part)
    {
        var number = _requests.Count / PageSize;
        var page = number < _pages.Count ? _pages[number] : await ReadPageAsync(number, CancellationToken.None);
        await DeactivateOnFailureAsync(
            () => page.WriteAsync([.. _requests[(number * PageSize)..], .. part], CancellationToken.None));
        Append(part);
        _record.Jobs = _requests.Count;
    }

    private void Append(IEnumerable<JobRequest> requests)
    {
        foreach (var request in requests)
        {
            _indexes.Add(request.Name, _requests.Count);
            _requests.Add(request);
        }
    }

    private async Task<StoredValue<List<JobRequest>>> ReadPageAsync(int number, CancellationToken cancellationToken)
    {
        var page = Stored<List<JobRequest>>($"requests-{number}");
        await page.ReadAsync(cancellationToken);
        _pages.Add(page);
        return page;
    }

    private async Task<StoredValue<List<JobStatus>>> ReadResultsAsync(int number, CancellationToken cancellationToken)
    {
        var page = Stored<List<JobStatus>>($"results-{number}");
        await page.ReadAsync(cancellationToken);
        return page;
    }

    private StoredValue<T> Stored<T>(string name)
        where T : class =>
        new(storage, this.GetGrainId(), name, _options.TimeProvider, logger);

    [LoggerMessage(1, LogLevel.Warning, "The catalog {Catalog} is paused. {Reason}")]
    private partial void LogPaused(string catalog, string reason);

    [LoggerMessage(2, LogLevel.Information, "The job {Job} of the catalog {Catalog} could not be run. It is run again within {Interval}.")]
    private partial void LogNotRun(Exception exception, string job, string catalog, TimeSpan interval);

    [LoggerMessage(
        3, LogLevel.Warning, "The reminder of the catalog {Catalog} could not be unregistered. It is retried within {Interval}.")]
    private partial void LogReminderNotUnregistered(Exception exception, string catalog, TimeSpan interval);
}
