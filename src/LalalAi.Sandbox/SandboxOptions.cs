namespace LalalAi.Sandbox;

/// <summary>
/// How a <see cref="SandboxServer"/> behaves. The defaults are as strict as the service's contract; a limit set to <see langword="null"/> is off.
/// </summary>
public sealed record SandboxOptions
{
    /// <summary>
    /// The TCP port of the API, on the loopback interface. 0, the default, takes any free one. Links are always served from a second, free port.
    /// </summary>
    public int Port { get; init; }

    /// <summary>
    /// A factor on the simulated time in the queue and in processing: 60 makes a minute pass in a second, <see cref="double.PositiveInfinity"/> finishes a
    /// task as soon as it is started. Greater than 0; 1 by default. At 1 a task waits 2 seconds and then takes 1 second per 10 seconds of audio and stem.
    /// Expiry and rate limits are not affected.
    /// </summary>
    public double Speed { get; init; } = 1;

    /// <summary>
    /// The clock behind queueing, processing, expiry and the rate limit. The system's by default; a fake one makes tests independent of time.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Processing minutes that each license key starts with. 600 by default.</summary>
    public double MinutesPerLicense { get; init; } = 600;

    /// <summary>
    /// The license keys that are accepted. <see langword="null"/>, the default, accepts every non-empty key. Each key has sources, tasks and minutes of
    /// its own.
    /// </summary>
    public IReadOnlyCollection<string>? LicenseKeys { get; init; }

    /// <summary>
    /// The folder for uploaded files and tracks, created when missing and left in place. <see langword="null"/>, the default, takes a temporary folder
    /// that <see cref="SandboxServer.DisposeAsync"/> removes. Only files live there: sources and tasks are forgotten with the server.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// Requests to <c>/check/</c> that a license key may make in any 60 seconds before it is answered 429. 30 by default, as the service documents.
    /// </summary>
    public int? ChecksPerMinute { get; init; } = 30;

    /// <summary>Task ids that one request to <c>/check/</c> may carry before it is answered 422. 200 by default, as the contract says.</summary>
    public int? TaskIdsPerCheck { get; init; } = 200;

    /// <summary>Size of an upload in bytes over which it is answered 400 with code <c>exceeded_size</c>. 10,000,000,000 (10 GB) by default.</summary>
    public long? MaxUploadBytes { get; init; } = 10_000_000_000;

    /// <summary>
    /// Duration of a source over which a start is answered 400 with code <c>max_duration</c>, a limit of the caller's plan. Off by default.
    /// </summary>
    public TimeSpan? MaxSourceDuration { get; init; }

    /// <summary>
    /// Whether the caller's plan has batches. When it has none, every item of a batch fails with code <c>batch_not_avaliable</c>. True by default.
    /// </summary>
    public bool BatchAllowed { get; init; } = true;

    /// <summary>How long after its upload a source can be used. 24 hours by default.</summary>
    public TimeSpan SourceLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long after its start a task can be checked and its tracks be downloaded. 24 hours by default.</summary>
    public TimeSpan TaskLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a download link works, counted from the check that handed it out. 1 hour by default; a later check hands out a fresh link.</summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long links still work after their source was deleted, as they do on the service's CDN. 1 hour by default.</summary>
    public TimeSpan LinkGraceAfterDelete { get; init; } = TimeSpan.FromHours(1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        if (!(Speed > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Speed), Speed, "The speed must be greater than 0.");
        }

        if (!(MinutesPerLicense >= 0) || double.IsInfinity(MinutesPerLicense))
        {
            throw new ArgumentOutOfRangeException(nameof(MinutesPerLicense), MinutesPerLicense, "The minutes must be a finite number, 0 or more.");
        }

        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (LicenseKeys is not null && (LicenseKeys.Count == 0 || LicenseKeys.Any(string.IsNullOrWhiteSpace)))
        {
            throw new ArgumentException("Give at least one license key and no empty one, or null to accept every key.", nameof(LicenseKeys));
        }

        ThrowIfNegative(ChecksPerMinute, nameof(ChecksPerMinute));
        ThrowIfNegative(TaskIdsPerCheck, nameof(TaskIdsPerCheck));
        ThrowIfNegative(MaxUploadBytes, nameof(MaxUploadBytes));
        ThrowIfNegative(MaxSourceDuration?.Ticks, nameof(MaxSourceDuration));
        ThrowIfNegative(SourceLifetime.Ticks, nameof(SourceLifetime));
        ThrowIfNegative(TaskLifetime.Ticks, nameof(TaskLifetime));
        ThrowIfNegative(LinkLifetime.Ticks, nameof(LinkLifetime));
        ThrowIfNegative(LinkGraceAfterDelete.Ticks, nameof(LinkGraceAfterDelete));
    }

    private static void ThrowIfNegative(long? value, string name)
    {
        if (value is < 0)
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be 0 or more.");
        }
    }
}
