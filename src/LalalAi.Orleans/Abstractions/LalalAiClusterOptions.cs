namespace LalalAi;

/// <summary>
/// The settings of a silo that processes jobs. Use the same settings on every silo of a cluster, except for <see cref="Location"/> and
/// <see cref="WorkFolder"/>.
/// </summary>
public sealed class LalalAiClusterOptions
{
    /// <summary>The name of the grain storage for jobs and catalogs: <c>lalalai</c>.</summary>
    public const string StorageName = "lalalai";

    /// <summary>The default name of a license: <c>default</c>.</summary>
    public const string DefaultLicenseName = "default";

    /// <summary>
    /// A name for the license, in grain keys and in idempotency keys. Never the license key, which would appear in the storage, in logs
    /// and in dashboards. <c>default</c> by default.
    /// </summary>
    public string LicenseName { get; set; } = DefaultLicenseName;

    /// <summary>
    /// The maximum number of jobs of a catalog that are in progress at the same time, on all silos together. 2000 by default. A finished
    /// task is noticed after about <c>MaxConcurrentJobs</c> / 200 x 2.1 seconds.
    /// </summary>
    public int MaxConcurrentJobs { get; set; } = 2000;

    /// <summary>
    /// The maximum price of a new catalog in minutes of audio, based on the estimate of each job before its start. No limit by default.
    /// </summary>
    public double? MaxMinutes { get; set; }

    /// <summary>
    /// How many times a job is attempted before it fails. Outages of the service, of the storage or of a silo are not attempts. Once its
    /// task is started, only failed lookups of the task are, and the job is lost after them. 5 by default.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// The maximum number of starts that a silo sends in parallel. A crash can lose at most this many task IDs. 4 by default.
    /// </summary>
    public int MaxConcurrentStarts { get; set; } = 4;

    /// <summary>The maximum number of sources that a silo opens and uploads in parallel. 8 by default.</summary>
    public int MaxConcurrentUploads { get; set; } = 8;

    /// <summary>
    /// Whether a source and its tracks are deleted from the service when all tracks are stored. False by default: they are kept until they
    /// expire.
    /// </summary>
    public bool DeleteSources { get; set; }

    /// <summary>The local folder of this silo for tracks that are being downloaded. A temporary one by default.</summary>
    public string? WorkFolder { get; set; }

    /// <summary>
    /// The name of the location of this silo, such as the name of its machine, for recordings that only some silos have:
    /// <see cref="JobRequest.Location"/>. It becomes a part of the silo's name, such as <c>Silo_1a2b3@nas-1</c>. None by default.
    /// </summary>
    public string? Location { get; set; }

    /// <summary>
    /// How often a catalog restarts unfinished jobs. If a silo fails, its jobs continue on other silos with the next of these sweeps after
    /// Orleans has detected the failure. 15 seconds by default.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock for delays between attempts. The system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Returns a message for each invalid setting.</summary>
    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(LicenseName))
        {
            yield return $"{nameof(LicenseName)} is empty. Set a name for the license, not its key.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(MaxConcurrentJobs), MaxConcurrentJobs),
            (nameof(MaxAttempts), MaxAttempts),
            (nameof(MaxConcurrentStarts), MaxConcurrentStarts),
            (nameof(MaxConcurrentUploads), MaxConcurrentUploads),
        })
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it must be 1 or more.";
            }
        }

        if (MaxMinutes is { } minutes && !(minutes >= 0))
        {
            yield return $"{nameof(MaxMinutes)} is {minutes}; it must be zero or more.";
        }

        if (Location?.Contains('@') == true)
        {
            yield return $"{nameof(Location)} is '{Location}'; it must not contain an @, which separates it from the name of the silo.";
        }

        if (SweepInterval <= TimeSpan.Zero)
        {
            yield return $"{nameof(SweepInterval)} is {SweepInterval}; it must be more than zero.";
        }
    }
}
