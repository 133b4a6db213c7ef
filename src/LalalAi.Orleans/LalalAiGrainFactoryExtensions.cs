using LalalAi.Cluster;

namespace LalalAi;

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
            ? throw new ArgumentException(
                $"'{name}' is not a valid name for a catalog: a slash separates it from the names of its jobs.", nameof(name))
            : grains.GetGrain<ICatalogGrain>(name);
    }
}
