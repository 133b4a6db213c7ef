using LalalAi.Cluster.Jobs;

namespace LalalAi;

/// <summary>
/// A job of the cluster: one recording, one task, its tracks. Get it with <see cref="LalalAiGrainFactoryExtensions.GetJob"/>. Its state is stored before and after each step that matters, so it
/// survives crashes, and its task is paid for once.
/// </summary>
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Starts the job as a part of its catalog. A job that was started before is not started again, so the call can be retried.</summary>
    /// <param name="request">What the job does. Its name is that of the grain.</param>
    /// <param name="cancellationToken">Cancels the call, not the job.</param>
    Task StartAsync(JobRequest request, CancellationToken cancellationToken = default);

    /// <summary>Returns how far the job is.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<JobStatus> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a job again that failed, was canceled or is lost, with a new idempotency key. It <b>pays again</b>: for a lost job, the first task was charged already.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, not the job.</param>
    /// <exception cref="InvalidOperationException">The job is in progress, done or not known.</exception>
    Task StartAgainAsync(CancellationToken cancellationToken = default);
}

/// <summary>Returns jobs and catalogs by their names.</summary>
public static class LalalAiGrainFactoryExtensions
{
    /// <summary>Returns a job.</summary>
    /// <param name="grains">The silo's or the client's grain factory.</param>
    /// <param name="name">The name of the catalog, a slash, and the name of the job, for example <c>spring/0001</c>.</param>
    /// <exception cref="ArgumentException">The name has no slash between two parts.</exception>
    public static IJobGrain GetJob(this IGrainFactory grains, string name)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IJobGrain>(JobName.Parse(name).Key);
    }

    /// <summary>Returns a catalog.</summary>
    /// <param name="grains">The silo's or the client's grain factory.</param>
    /// <param name="name">The name, without a slash.</param>
    /// <exception cref="ArgumentException">The name is empty or has a slash.</exception>
    public static ICatalogGrain GetCatalog(this IGrainFactory grains, string name)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Contains('/')
            ? throw new ArgumentException($"'{name}' is not a valid name for a catalog: a slash separates it from the names of its jobs.", nameof(name))
            : grains.GetGrain<ICatalogGrain>(name);
    }
}
