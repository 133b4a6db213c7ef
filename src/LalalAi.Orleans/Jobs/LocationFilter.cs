using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
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
internal sealed class LocationDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    private const string Key = "lalalai.location";

    /// <summary>Returns what a silo publishes about itself.</summary>
    public static Dictionary<string, string> MetadataOf(LalalAiClusterOptions options) =>
        options.Location is { } location ? new() { [Key] = location } : [];

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
        var there = all.Where(silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(Key) == location).ToList();
        return there.Count > 0 ? there : all;
    }
}
