using System.Collections;
using System.Text.Json;
using LalalAi.AI.Files;
using LalalAi.AI.Jobs;
using LalalAi.AI.Results;
using LalalAi.AI.Tools;
using Microsoft.Extensions.AI;

namespace LalalAi.AI;

/// <summary>
/// LALAL.AI functions that a model can call: <c>estimate</c>, <c>split</c>, <c>change_voice</c>, <c>status</c>, <c>download</c>,
/// <c>cancel</c> and <c>account</c>. They spend within a budget that only <see cref="LalalAiFunctionsOptions"/> sets, read only allowed
/// folders, and recognize repeated calls. Jobs run in the background until this object is disposed. A new object with the same output
/// folder resumes the jobs that were paid for.
/// </summary>
public sealed class LalalAiFunctions : IReadOnlyList<AIFunction>, IAsyncDisposable
{
    private const int MaxWaitSeconds = 45;

    private readonly Func<CancellationToken, Task<ILalalAiClient>> _openClient;
    private readonly LalalAiFunctionsOptions _options;
    private readonly AllowedFolders _folders;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly List<AIFunction> _functions = [];
    private ILalalAiClient? _client;
    private JobSession? _session;
    private bool _isDisposed;

    private LalalAiFunctions(Func<CancellationToken, Task<ILalalAiClient>> openClient, LalalAiFunctionsOptions options)
    {
        _openClient = openClient;
        _options = options;
        _folders = new AllowedFolders(options.AllowedFolders);
        if (options.MaxMinutes is not null && options.OutputFolder is null)
        {
            throw new ArgumentException(
                $"{nameof(options.MaxMinutes)} needs {nameof(options.OutputFolder)}: the folder counts what was spent.", nameof(options));
        }

        if (options.MaxMinutes is { } maximum && !(maximum >= 0))
        {
            throw new ArgumentException($"{nameof(options.MaxMinutes)} is {maximum}; it must be zero or more.", nameof(options));
        }

        Add<SplitArguments, EstimateResult>(
            "estimate", "Price of split in minutes, for the same arguments; change_voice costs one stem. Free.", EstimateAsync);
        if (options.MaxMinutes is not null)
        {
            AddSpending<SplitArguments>(
                "split",
                "Split a recording into stems. Spends minutes. Returns at once; follow the job with status.",
                (call, arguments, token) => SpendAsync(call.File, call.ToPresets(), arguments, token));
            AddSpending<ChangeVoiceArguments>(
                "change_voice",
                "Change the voice in a recording. Spends minutes. Returns at once.",
                (call, arguments, token) => SpendAsync(call.File, call.ToPresets(), arguments, token));
        }

        if (options.OutputFolder is not null)
        {
            Add<WaitArguments, JobResult>("status", "State of a job; waits for its end. Free.", StatusAsync);
            Add<JobArguments, JobResult>("download", "Paths of a job's tracks; fetches missing ones again. Free.", DownloadAsync);
            Add<JobArguments, JobResult>("cancel", "Cancel a job. Minutes that were spent may be lost.", CancelAsync);
        }

        Add<NoArguments, AccountResult>("account", "Minutes left, budget, running jobs and voices. Free.", AccountAsync);
    }

    /// <inheritdoc/>
    public int Count => _functions.Count;

    /// <inheritdoc/>
    public AIFunction this[int index] => _functions[index];

    /// <summary>Creates functions that use a client. The client is not disposed.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">The folders and the budget.</param>
    /// <exception cref="ArgumentException">An option is not valid, or an allowed folder does not exist.</exception>
    public static LalalAiFunctions Create(ILalalAiClient client, LalalAiFunctionsOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Create(_ => Task.FromResult(client), options);
    }

    /// <summary>Creates functions that open their client at the first call. The client is not disposed.</summary>
    /// <param name="openClient">Opens the client. If it throws, the next call tries again.</param>
    /// <param name="options">The folders and the budget.</param>
    /// <exception cref="ArgumentException">An option is not valid, or an allowed folder does not exist.</exception>
    public static LalalAiFunctions Create(Func<CancellationToken, Task<ILalalAiClient>> openClient, LalalAiFunctionsOptions options)
    {
        ArgumentNullException.ThrowIfNull(openClient);
        ArgumentNullException.ThrowIfNull(options);
        return new LalalAiFunctions(openClient, options);
    }

    /// <inheritdoc/>
    public IEnumerator<AIFunction> GetEnumerator() => _functions.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Waits until a person has decided about a job, or <see cref="LalalAiFunctionsOptions.ApprovalTimeout"/> has passed. Calls do not wait
    /// for it. This is for hosts that can ask a person only as a part of a call.
    /// </summary>
    /// <param name="job">The ID of the job.</param>
    /// <param name="cancellationToken">Cancels the wait, not the question.</param>
    /// <exception cref="LalalAiFunctionException">The job does not exist.</exception>
    public async Task WaitForApprovalAsync(string job, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        var session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        if (session.Find(job) is { } run)
        {
            await run.Decision.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the jobs and closes the store. Tasks that were started keep running on the service.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            if (_session is { } session)
            {
                _session = null;
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private void Add<TArguments, TResult>(
        string name, string description, Func<TArguments, AIFunctionArguments, CancellationToken, Task<TResult>> body)
        where TResult : ToolResult =>
        _functions.Add(new ToolFunction<TArguments, TResult>(name, description, body, _options));

    private void AddSpending<TArguments>(
        string name, string description, Func<TArguments, AIFunctionArguments, CancellationToken, Task<JobResult>> body) =>
        _functions.Add(new ApprovalRequiredAIFunction(new ToolFunction<TArguments, JobResult>(name, description, body, _options)));

    private async Task<EstimateResult> EstimateAsync(
        SplitArguments call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var presets = call.ToPresets();
        using var file = _folders.Open(call.File);
        var session = _options.OutputFolder is null ? null : await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        var minutes = PriceOf(file, presets);
        return new EstimateResult
        {
            Minutes = minutes,
            BudgetLeft = session?.Budget?.Left,
            Note = minutes is null ? "The length is not known. A job is priced after its upload, and starts only within the budget." : null,
        };
    }

    private async Task<JobResult> SpendAsync(
        string path, TaskPresets presets, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var file = _folders.Open(path);
        var session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        var sha256 = await JobSession.HashAsync(file, cancellationToken).ConfigureAwait(false);
        return session.Start(path, file.Name, sha256, presets, PriceOf(file, presets), arguments);
    }

    private async Task<JobResult> StatusAsync(WaitArguments call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (call.WaitSeconds is < 0 or > MaxWaitSeconds)
        {
            throw new LalalAiFunctionException($"wait_seconds is from 0 to {MaxWaitSeconds}. Call again to wait longer.");
        }

        var session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        var run = session.Find(call.Job);
        return await WaitAsync(session, run, call.Job, call.WaitSeconds, arguments, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JobResult> DownloadAsync(JobArguments call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        var run = session.Fetch(call.Job);
        return await WaitAsync(session, run, call.Job, MaxWaitSeconds, arguments, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JobResult> CancelAsync(JobArguments call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var session = await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        await session.CancelAsync(call.Job, cancellationToken).ConfigureAwait(false);
        return session.Describe(call.Job);
    }

    private async Task<AccountResult> AccountAsync(NoArguments call, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var session = _options.OutputFolder is null ? null : await OpenSessionAsync(cancellationToken).ConfigureAwait(false);
        var client = await OpenClientAsync(cancellationToken).ConfigureAwait(false);
        var packs = from pack in await client.GetVoicePacksAsync(cancellationToken).ConfigureAwait(false)
                    where pack.IsReady != false && !VoicePackIds.All.Contains(pack.Id)
                    select new VoiceResult(Quoted.Limit(pack.Id), Quoted.Limit(pack.Name));
        return new AccountResult
        {
            MinutesLeft = await client.GetMinutesLeftAsync(cancellationToken).ConfigureAwait(false),
            Budget = session?.Budget,
            AllowedFolders = _options.AllowedFolders,
            Voices = [.. VoicePackIds.All.Select(id => new VoiceResult(id)), .. packs],
            RunningJobs = session?.RunningJobs,
        };
    }

    private async Task<JobResult> WaitAsync(
        JobSession session, JobRun? run, string id, int seconds, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (run is null)
        {
            return session.Describe(id);
        }

        object? progress = null;
        arguments.Context?.TryGetValue(typeof(IProgress<JobProgress>), out progress);
        void Report()
        {
            var (status, percent) = (JsonNamingPolicy.SnakeCaseLower.ConvertName(run.State.Status.ToString()), run.State.Percent);
            (progress as IProgress<JobProgress>)?.Report(new JobProgress(id, status, percent));
        }

        run.Changed += Report;
        try
        {
            await run.Completion.WaitAsync(TimeSpan.FromSeconds(seconds), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The result contains the progress of the job.
        }
        finally
        {
            run.Changed -= Report;
        }

        return session.Describe(id);
    }

    /// <summary>The price: the duration in whole seconds, multiplied by the number of stems, in minutes.</summary>
    private double? PriceOf(FileStream file, TaskPresets presets)
    {
        file.Position = 0;
        var duration = _options.ReadDuration?.Invoke(file);
        var stems = presets is MultistemPresets multistem ? multistem.StemList.Count : 1;
        return duration > TimeSpan.Zero ? Math.Ceiling(Math.Round(duration.Value.TotalSeconds, 3)) / 60 * stems : null;
    }

    private async Task<ILalalAiClient> OpenClientAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _client ??= await _openClient(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<JobSession> OpenSessionAsync(CancellationToken cancellationToken)
    {
        var client = await OpenClientAsync(cancellationToken).ConfigureAwait(false);
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _session ??= new JobSession(client, _folders, OpenStore(), _options);
        }
        finally
        {
            _opening.Release();
        }
    }

    private AgentJobStore OpenStore() => _options.OpenStore?.Invoke() ?? new FolderJobStore(_options.OutputFolder!);
}
