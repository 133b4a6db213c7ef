namespace LalalAi;

/// <summary>
/// A set of jobs that are processed together, up to <see cref="LalalAiClusterOptions.MaxConcurrentJobs"/> in parallel, within a limit in
/// minutes. Get it with <see cref="LalalAiGrainFactoryExtensions.GetCatalog"/>.
/// </summary>
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds up to 1,000 jobs; <see cref="LalalAiCatalogExtensions.AddAsync(ICatalogGrain, IEnumerable{JobRequest}, CancellationToken)"/>
    /// adds any number. Returns when they are stored. Jobs with names that the catalog already contains are ignored, so the call can be
    /// retried.
    /// </summary>
    /// <param name="requests">The jobs.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of new jobs.</returns>
    /// <exception cref="InvalidOperationException">The catalog was canceled.</exception>
    Task<int> AddPageAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>Returns the status of the catalog.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CatalogStatus> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns results in the order in which jobs ended. If no result exists at the position, waits for up to 20 seconds.
    /// <see cref="LalalAiCatalogExtensions.WhenEachAsync"/> reads all of them.
    /// </summary>
    /// <param name="position">The number of results to skip.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<CatalogResults> GetResultsAsync(int position, CancellationToken cancellationToken = default);

    /// <summary>Starts no further tasks. Tasks that were started are finished.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>Continues a paused catalog.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOperationException">The catalog was canceled.</exception>
    Task ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Permanently cancels the unfinished jobs and their tasks.</summary>
    /// <param name="cancellationToken">Cancels the call, not the cancellation.</param>
    Task CancelAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets the maximum price of the catalog in minutes. If the catalog was paused at its limit, call <see cref="ResumeAsync"/>.
    /// </summary>
    /// <param name="minutes">The minutes, or <see langword="null"/> for no limit.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task SetMaxMinutesAsync(double? minutes, CancellationToken cancellationToken = default);
}

/// <summary>The status of a catalog.</summary>
[GenerateSerializer]
public sealed record CatalogStatus
{
    /// <summary>Whether the catalog is in progress, paused or canceled.</summary>
    [Id(0)]
    public required CatalogState State { get; init; }

    /// <summary>Why the catalog is paused, or <see langword="null"/>.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    /// <summary>The number of jobs.</summary>
    [Id(2)]
    public required int Jobs { get; init; }

    /// <summary>The number of jobs in progress.</summary>
    [Id(3)]
    public required int InProgress { get; init; }

    /// <summary>The number of jobs that are done.</summary>
    [Id(4)]
    public required int Done { get; init; }

    /// <summary>The number of failed jobs.</summary>
    [Id(5)]
    public required int Failed { get; init; }

    /// <summary>The number of lost jobs: they were charged, but cannot be recovered.</summary>
    [Id(6)]
    public required int Lost { get; init; }

    /// <summary>The number of jobs that were canceled while they were in progress.</summary>
    [Id(7)]
    public required int Canceled { get; init; }

    /// <summary>The estimated price of all started tasks, in minutes of audio.</summary>
    [Id(8)]
    public required double Minutes { get; init; }

    /// <summary>The limit of <see cref="Minutes"/>, or <see langword="null"/>.</summary>
    [Id(9)]
    public double? MaxMinutes { get; init; }
}

/// <summary>The states of a catalog.</summary>
public enum CatalogState
{
    /// <summary>The catalog starts jobs.</summary>
    Running = 0,

    /// <summary>The catalog starts no tasks until <see cref="ICatalogGrain.ResumeAsync"/>.</summary>
    Paused = 1,

    /// <summary>The catalog was canceled.</summary>
    Canceled = 2,
}

/// <summary>Results of a catalog.</summary>
/// <param name="Results">The results, in the order in which jobs ended.</param>
/// <param name="IsComplete">Whether no further results follow: every job has ended.</param>
[GenerateSerializer]
public sealed record CatalogResults([property: Id(0)] IReadOnlyList<JobStatus> Results, [property: Id(1)] bool IsComplete);
