using System.Net;
using LalalAi.Sandbox.Time;

namespace LalalAi.Sandbox;

/// <summary>
/// The options of a <see cref="SandboxServer"/>. The defaults are as strict as the service's contract. <see langword="null"/> disables a
/// limit.
/// </summary>
public sealed record SandboxOptions
{
    /// <summary>The TCP port of the API. 0, the default, takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The TCP port of the download links. 0, the default, takes any free port. Set it if you forward individual ports, for example to a
    /// container.
    /// </summary>
    public int LinksPort { get; init; }

    /// <summary>
    /// The IP address to listen on. <see cref="IPAddress.Loopback"/> by default. With <see cref="IPAddress.Any"/>, other machines can
    /// connect too. Their requests must use one of the <see cref="AllowedHosts"/>.
    /// </summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Host names that clients may use besides the loopback names, such as <c>sandbox</c> for a service of that name in Docker Compose.
    /// Empty by default. Requests to any other host are rejected with status 421. Download links use the host name of the check request.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// The token that control calls (<c>/_sandbox/</c>) from other machines must send in the header <c>X-Sandbox-Token</c>: ASCII letters
    /// and digits. <see langword="null"/>, the default, generates one; see <see cref="SandboxServer.ControlToken"/>. Calls from the same
    /// machine need no token.
    /// </summary>
    public string? ControlToken { get; init; }

    /// <summary>
    /// Divides the time that tasks spend in the queue and in processing. Greater than 0; 1 by default. At 1, a task waits 2 seconds and
    /// then takes 1 second per 10 seconds of audio and stem. <see cref="double.PositiveInfinity"/> finishes tasks immediately. Neither
    /// takes more than a year. Expiry and rate limits are not affected.
    /// </summary>
    public double Speed { get; init; } = 1;

    /// <summary>
    /// The clock for queueing, processing, expiry and rate limits. The system clock by default. A fake clock makes tests independent of
    /// real time.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The processing minutes that each license key starts with. 600 by default.</summary>
    public double MinutesPerLicense { get; init; } = 600;

    /// <summary>
    /// The accepted license keys. Other keys are rejected with status 403, like by the service. <see langword="null"/>, the default,
    /// accepts <c>sandbox-license-key</c> and the special keys that simulate faults, such as <c>sandbox-no-minutes</c>. Each key has its
    /// own sources, tasks and minutes.
    /// </summary>
    public IReadOnlyCollection<string>? LicenseKeys { get; init; }

    /// <summary>
    /// The folder for uploaded files, tracks and the state. It is created if necessary and not deleted. A sandbox saves its state there
    /// when it is disposed, and the next sandbox with the same folder resumes it. Earlier download links stop working.
    /// <see langword="null"/>, the default, uses a temporary folder that <see cref="SandboxServer.DisposeAsync"/> deletes.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// The maximum number of requests to <c>/check/</c> per license key in any 60 seconds. Further requests are rejected with status
    /// 429. 30 by default, as documented by the service.
    /// </summary>
    public int? ChecksPerMinute { get; init; } = 30;

    /// <summary>
    /// The maximum number of task IDs in one request to <c>/check/</c>. Larger requests are rejected with status 422. 200 by default, as in
    /// the contract.
    /// </summary>
    public int? TaskIdsPerCheck { get; init; } = 200;

    /// <summary>
    /// The maximum size of an upload in bytes. Larger uploads are rejected with status 400 and code <c>exceeded_size</c>. 10,000,000,000
    /// (10 GB) by default.
    /// </summary>
    public long? MaxUploadBytes { get; init; } = 10_000_000_000;

    /// <summary>
    /// The maximum duration of a source. Starts on longer sources are rejected with status 400 and code <c>max_duration</c>, as for a plan
    /// with such a limit. No limit by default.
    /// </summary>
    public TimeSpan? MaxSourceDuration { get; init; }

    /// <summary>
    /// Whether the plan includes batches. If not, every item of a batch fails with code <c>batch_not_avaliable</c>. True by default.
    /// </summary>
    public bool BatchAllowed { get; init; } = true;

    /// <summary>
    /// What happens to content that is not media, or that this machine cannot decode. <see cref="UndecodableContent.Fail"/> by default: its
    /// tasks fail with an error that gives the reason, and cost nothing.
    /// </summary>
    public UndecodableContent UndecodableContent { get; init; }

    /// <summary>
    /// Whether to use ffmpeg if it is on the <c>PATH</c>. True by default. With ffmpeg, the sandbox decodes every format that ffmpeg
    /// supports and encodes tracks in the requested format. Without it, the sandbox decodes WAV, AIFF, MP3, Ogg Vorbis and Opus, and
    /// returns compressed tracks as WAV.
    /// </summary>
    public bool UseFfmpeg { get; init; } = true;

    /// <summary>
    /// Whether to serve the web page at <see cref="SandboxServer.DashboardAddress"/>. True by default. It costs nothing until it is opened,
    /// except for up to 16 MB of memory for the bodies of the latest requests and responses.
    /// </summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>
    /// How the sandbox behaves where the service is not documented, such as one that <see cref="SandboxBehavior.Load"/> has read. Its
    /// lifetimes override the options below. <see langword="null"/>, the default, is the strictest interpretation of the
    /// documentation.
    /// </summary>
    public SandboxBehavior? Behavior { get; init; }

    /// <summary>How long a source can be used after its upload. 24 hours by default, at most ten years.</summary>
    public TimeSpan SourceLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a task can be checked and its tracks can be downloaded, from its start. 24 hours by default, at most ten years.
    /// </summary>
    public TimeSpan TaskLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a download link works, from the check that returned it. 1 hour by default, at most ten years. A later check returns a new
    /// link.
    /// </summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long download links work after their source was deleted, as on the service's CDN. 1 hour by default, at most ten years.
    /// </summary>
    public TimeSpan LinkGraceAfterDelete { get; init; } = TimeSpan.FromHours(1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, IPEndPoint.MaxPort);
        ArgumentOutOfRangeException.ThrowIfNegative(LinksPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LinksPort, IPEndPoint.MaxPort);
        ArgumentNullException.ThrowIfNull(ListenAddress);
        ArgumentNullException.ThrowIfNull(AllowedHosts);
        if (AllowedHosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } host)
        {
            throw new ArgumentException(
                $"'{host}' is not a host name. Host names have neither a scheme nor a port, such as sandbox.", nameof(AllowedHosts));
        }

        if (ControlToken is not null && (ControlToken.Length == 0 || !ControlToken.All(char.IsAsciiLetterOrDigit)))
        {
            throw new ArgumentException("The control token must consist of ASCII letters and digits.", nameof(ControlToken));
        }

        if (!(Speed > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(Speed), Speed, "The speed must be greater than 0.");
        }

        if (!(MinutesPerLicense >= 0) || double.IsInfinity(MinutesPerLicense))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MinutesPerLicense), MinutesPerLicense, "The minutes must be a finite number, 0 or more.");
        }

        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (LicenseKeys is not null && (LicenseKeys.Count == 0 || LicenseKeys.Any(string.IsNullOrWhiteSpace)))
        {
            throw new ArgumentException(
                "Give at least one license key and no empty one, or null to accept the sandbox's own keys.", nameof(LicenseKeys));
        }

        if (Behavior?.Problem is { } problem)
        {
            throw new ArgumentException($"The behavior is not possible: {problem}.", nameof(Behavior));
        }

        ThrowIfNegative(ChecksPerMinute, nameof(ChecksPerMinute));
        ThrowIfNegative(TaskIdsPerCheck, nameof(TaskIdsPerCheck));
        ThrowIfNegative(MaxUploadBytes, nameof(MaxUploadBytes));
        ThrowIfNegative(MaxSourceDuration?.Ticks, nameof(MaxSourceDuration));
        CheckLifetime(SourceLifetime, nameof(SourceLifetime));
        CheckLifetime(TaskLifetime, nameof(TaskLifetime));
        CheckLifetime(LinkLifetime, nameof(LinkLifetime));
        CheckLifetime(LinkGraceAfterDelete, nameof(LinkGraceAfterDelete));
    }

    private static void CheckLifetime(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero || value > SandboxClock.LongestLifetime)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"The time must be from 0 to {SandboxClock.LongestLifetime.TotalDays:0} days.");
        }
    }

    private static void ThrowIfNegative(long? value, string name)
    {
        if (value is < 0)
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be 0 or more.");
        }
    }
}
