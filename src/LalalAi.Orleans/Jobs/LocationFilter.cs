using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace LalalAi.Cluster.Jobs;

/// <summary>Places a job on a silo that has its recording.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LocationFilterAttribute() : PlacementFilterAttribute(new LocationFilter());

/// <summary>The filter's name for Orleans.</summary>
internal sealed class LocationFilter() : PlacementFilterStrategy(order: 0);

/// <summary>
/// Selects the silos at the location that the catalog has set for the call. If there are none, a job that needs its recording waits, and
/// one that has uploaded it continues anywhere, so all silos qualify.
/// </summary>
/// <remarks>
/// A silo publishes its location at the end of its name, which the membership contains as soon as the silo joins. Orleans fetches the
/// metadata of a silo later, and if that fails, not again for two minutes.
/// </remarks>
internal sealed class LocationDirector(ISiloStatusOracle membership) : IPlacementFilterDirector
{
    private const string Key = "lalalai.location";

    /// <summary>Returns the name of a silo at a location.</summary>
    public static string SiloName(string name, string location) => $"{name}@{location}";

    /// <summary>Sets the location for the calls that follow in this method, or none.</summary>
    public static void Set(string? location)
    {
        if (location is null)
        {
            RequestContext.Remove(Key);
        }
        else
        {
            RequestContext.Set(Key, location);
        }
    }

    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        if (target.RequestContextData?.GetValueOrDefault(Key) is not string location)
        {
            return silos;
        }

        var all = silos.ToList();
        var ending = SiloName(string.Empty, location);
        var there = all.Where(
            silo => membership.TryGetSiloName(silo, out var name) && name.EndsWith(ending, StringComparison.Ordinal)).ToList();
        return there.Count > 0 ? there : all;
    }
}
