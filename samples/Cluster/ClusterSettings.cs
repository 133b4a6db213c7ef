using Orleans.Configuration;

namespace Cluster;

/// <summary>What the processes of the sample share.</summary>
internal sealed class ClusterSettings
{
    /// <summary>The number of this silo, from 0. Without it, the process is the one that starts the others.</summary>
    public int? Silo { get; set; }

    /// <summary>The ID of the process that started this silo, which ends with it.</summary>
    public int? Parent { get; set; }

    public int Silos { get; set; } = 2;

    public int Songs { get; set; } = 500;

    public int MaxConcurrentJobs { get; set; } = 200;

    /// <summary>The folder for songs and tracks.</summary>
    public string Folder { get; set; } = "catalog";

    /// <summary>Redis as <c>host:port</c>. Without it, everything is kept in memory.</summary>
    public string? Redis { get; set; }

    /// <summary>
    /// The ID of the cluster in Redis. By default, each run against a sandbox is a cluster of its own, because the sandbox starts without
    /// the files and tasks of the run before.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>
    /// A bucket of S3-compatible storage for songs and tracks, instead of <see cref="Folder"/>. Its address and credentials come from
    /// the variables <c>AWS_ENDPOINT_URL</c>, <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and <c>AWS_REGION</c>.
    /// </summary>
    public string? Bucket { get; set; }

    /// <summary>The port of the Orleans dashboard on the loopback address. Without it, there is none.</summary>
    public int? Dashboard { get; set; }

    /// <summary>The first port. Each silo takes two, one for other silos and one for clients.</summary>
    public int Port { get; set; } = 11111;

    public string SongFolder => Path.Combine(Folder, "songs");

    public string TrackFolder => Path.Combine(Folder, "tracks");

    public void SetId(ClusterOptions options) =>
        (options.ClusterId, options.ServiceId) = (Id ?? options.ClusterId, Id ?? options.ServiceId);

    public int SiloPort(int number) => Port + (2 * number);

    public int GatewayPort(int number) => Port + (2 * number) + 1;
}
