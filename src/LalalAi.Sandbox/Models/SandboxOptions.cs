using System.Net;

namespace LalalAi.Sandbox;

/// <summary>
/// How a <see cref="SandboxServer"/> behaves. The defaults are as strict as the service's contract; a limit set to <see langword="null"/> is off.
/// </summary>
public sealed record SandboxOptions
{
    /// <summary>The TCP port of the API. 0, the default, takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The TCP port of the download links. 0, the default, takes any free port. Set it where ports are forwarded one by one, such as into a container.
    /// </summary>
    public int LinksPort { get; init; }

    /// <summary>
    /// The address that both ports listen on. <see cref="IPAddress.Loopback"/> by default. With <see cref="IPAddress.Any"/> other machines can connect too;
    /// their requests must use one of the <see cref="AllowedHosts"/>.
    /// </summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Host names that clients may use besides the loopback names, such as <c>sandbox</c>, the name of a service in Docker Compose. Requests to any other host
    /// are answered 421. Empty by default. Links use the host of the request that asked for them.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// The token that control calls (<c>/_sandbox/</c>) from other machines must carry in the header <c>X-Sandbox-Token</c>. <see langword="null"/>, the default,
    /// makes a random one: <see cref="SandboxServer.ControlToken"/>. Calls from this machine need none.
    /// </summary>
    public string? ControlToken { get; init; }

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
    /// The license keys that are accepted. <see langword="null"/>, the default, accepts <c>sandbox-license-key</c> and the keys that stand for faults, such as
    /// <c>sandbox-no-minutes</c>. Every other key is answered 403, as by the service. Each key has its own sources, tasks and minutes.
    /// </summary>
    public IReadOnlyCollection<string>? LicenseKeys { get; init; }

    /// <summary>
    /// The folder for uploaded files and tracks, created when missing and left in place. What else is to be remembered is written there when the sandbox is
    /// disposed of, so that one that is started on the same folder goes on where this one ended; links that were handed out before do not work any more.
    /// <see langword="null"/>, the default, takes a temporary folder that <see cref="SandboxServer.DisposeAsync"/> removes.
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

    /// <summary>
    /// What happens to content that is not media, or that no decoder on this machine decodes. <see cref="UndecodableContent.Fail"/> by default: its tasks fail
    /// with an error that says why, and cost nothing.
    /// </summary>
    public UndecodableContent UndecodableContent { get; init; }

    /// <summary>
    /// Whether the sandbox uses the ffmpeg on the <c>PATH</c>, where there is one. True by default. With it, every format that ffmpeg knows is decoded, and
    /// tracks have the format that was asked for. Without it, WAV, AIFF, MP3, Ogg Vorbis and Opus are decoded, and tracks in a compressed format are WAV files.
    /// </summary>
    public bool UseFfmpeg { get; init; } = true;

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
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, IPEndPoint.MaxPort);
        ArgumentOutOfRangeException.ThrowIfNegative(LinksPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LinksPort, IPEndPoint.MaxPort);
        ArgumentNullException.ThrowIfNull(ListenAddress);
        ArgumentNullException.ThrowIfNull(AllowedHosts);
        if (AllowedHosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } host)
        {
            throw new ArgumentException($"'{host}' is not a host name. Host names have neither a scheme nor a port, such as sandbox.", nameof(AllowedHosts));
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
            throw new ArgumentOutOfRangeException(nameof(MinutesPerLicense), MinutesPerLicense, "The minutes must be a finite number, 0 or more.");
        }

        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (LicenseKeys is not null && (LicenseKeys.Count == 0 || LicenseKeys.Any(string.IsNullOrWhiteSpace)))
        {
            throw new ArgumentException("Give at least one license key and no empty one, or null to accept the sandbox's own keys.", nameof(LicenseKeys));
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
