using System.Net.Http.Headers;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;

namespace LalalAi;

/// <summary>
/// The settings of a <see cref="LalalAiClient"/>. They are validated and copied when the client is created; later changes have no effect.
/// </summary>
/// <remarks>Timeouts can be of any length. <see cref="Timeout.InfiniteTimeSpan"/> switches one off.</remarks>
public sealed class LalalAiClientOptions
{
    /// <summary>The environment variable from which <see cref="FromEnvironment"/> reads the license key.</summary>
    public const string LicenseKeyVariable = "LALALAI_LICENSE_KEY";

    /// <summary>The environment variable from which <see cref="FromEnvironment"/> reads the base address.</summary>
    public const string BaseAddressVariable = "LALALAI_BASE_URL";

    private const string SandboxKeyPrefix = "sandbox-";

    // More than any task, link or source lives, and within what timers can measure.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    /// <summary>The address of the service.</summary>
    public static Uri DefaultBaseAddress { get; } = new("https://www.lalal.ai/");

    /// <summary>
    /// The license key, from the account page of LALAL.AI. It is sent as <c>X-License-Key</c>, only to <see cref="BaseAddress"/>. Not
    /// needed if <see cref="LicenseKeyProvider"/> is set.
    /// </summary>
    public string LicenseKey { get; set; } = string.Empty;

    /// <summary>
    /// Returns the license key before each request. Set it to replace the key at run time; waits continue with the new key. If reading
    /// the key is expensive, cache it. If the service rejects a key, the client calls the provider again, and retries the request if it
    /// returns a different key. Takes precedence over <see cref="LicenseKey"/>.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? LicenseKeyProvider { get; set; }

    /// <summary>
    /// The address that the API's paths are relative to. <c>https://www.lalal.ai/</c> by default; a sandbox has its own. It must be https,
    /// because the license key is sent in a header. Plain <c>http</c> is allowed for loopback addresses, and with
    /// <see cref="AllowInsecureHttp"/>. Loopback addresses are never reached through a proxy. A missing slash at the end is added.
    /// </summary>
    public Uri BaseAddress
    {
        get;
        set => field = value is { IsAbsoluteUri: true, Query: "", Fragment: "" }
            && !value.AbsolutePath.EndsWith("/", StringComparison.Ordinal)
                ? new Uri(value.AbsoluteUri + "/")
                : value;
    } = DefaultBaseAddress;

    /// <summary>
    /// Whether <see cref="BaseAddress"/> may be plain <c>http</c> for hosts other than loopback, for example <c>http://sandbox:7070</c> in
    /// docker compose. Only for license keys that begin with <c>sandbox-</c>. <see langword="false"/> by default.
    /// </summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>
    /// The name and version of the application, for example <c>karaoke-web/1.4</c>. It is sent in the header <c>User-Agent</c>, before the
    /// name and version of this library. Not sent by default.
    /// </summary>
    public string? ApplicationId { get; set; }

    /// <summary>
    /// Creates the handler that connects to the network, for example with a proxy. It is called twice: for the API, and for downloads.
    /// Redirects are switched off for the API. The settings of a <see cref="HttpClientHandler"/> or <c>SocketsHttpHandler</c> are copied,
    /// so the handler itself can be shared; other handlers are disposed with the client. By default, the system's proxy is used and
    /// connections are renewed every 15 minutes.
    /// </summary>
    public Func<HttpMessageHandler>? PrimaryHandlerFactory { get; set; }

    /// <summary>The timeout of one attempt of a request, except for uploads and downloads. 100 seconds by default.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long an upload or a download may stall before it counts as broken. 60 seconds by default. There is no limit for a transfer as a
    /// whole, because 10 GB over a slow line take hours.
    /// </summary>
    public TimeSpan InactivityTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The timeout for the response after the last byte of an upload. 5 minutes by default.</summary>
    public TimeSpan UploadResponseTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many times a failed request is retried if a retry is safe and useful, from 0 to 100. 4 by default.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>The delay before the first retry. It doubles with each retry, up to 30 seconds, with jitter. 1 second by default.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The minimum time between two check requests of the client. 2.1 seconds by default, which stays within the service's 30 checks per
    /// minute. All waits and checks share the requests: each contains up to 200 tasks.
    /// </summary>
    public TimeSpan PollingInterval { get; set; } = TimeSpan.FromSeconds(2.1);

    /// <summary>
    /// Limits check requests. Each request acquires one permit and holds it until the response arrives. By default a
    /// <see cref="CheckBudget"/> for this client alone. Clients that share a license key must share a limiter. Across machines, use one
    /// that is backed by a shared store. While a limiter throws, checks pause and waits continue. The client does not dispose the limiter.
    /// </summary>
    public RateLimiter? CheckRateLimiter { get; set; }

    /// <summary>
    /// Sends check requests instead of the client's own HTTP request, for example through a process that merges the checks of a cluster. It
    /// receives up to 200 task IDs, and returns the service's JSON for each. If it omits an ID, the lookup of that task counts as failed.
    /// An exception pauses the checks like a failed request. Waits, checks and renewed links all use it, with the client's
    /// <see cref="PollingInterval"/>, <see cref="CheckRateLimiter"/> and <see cref="RequestTimeout"/>.
    /// </summary>
    public Func<IReadOnlyList<TaskId>, CancellationToken, Task<IReadOnlyDictionary<TaskId, string>>>? CheckTransport { get; set; }

    /// <summary>The maximum number of parallel uploads. Further uploads wait. 8 by default.</summary>
    public int MaxConcurrentUploads { get; set; } = 8;

    /// <summary>The maximum number of parallel downloads. Further downloads wait. 16 by default.</summary>
    public int MaxConcurrentDownloads { get; set; } = 16;

    /// <summary>The clock for waits, timeouts and rates. The system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Creates the client's logger. By default, nothing is logged. License keys and download links are never logged.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Creates options from <c>LALALAI_LICENSE_KEY</c> and, if it is set, <c>LALALAI_BASE_URL</c>.</summary>
    /// <exception cref="ArgumentException">The base address is not an absolute URL.</exception>
    public static LalalAiClientOptions FromEnvironment()
    {
        var options = new LalalAiClientOptions { LicenseKey = Environment.GetEnvironmentVariable(LicenseKeyVariable) ?? string.Empty };
        if (Environment.GetEnvironmentVariable(BaseAddressVariable) is { Length: > 0 } address)
        {
            options.BaseAddress = Uri.TryCreate(address, UriKind.Absolute, out var uri)
                ? uri
                : throw new ArgumentException(
                    $"The environment variable {BaseAddressVariable} is '{address}', which is not an absolute URL. "
                        + $"Write it like {DefaultBaseAddress}.");
        }

        return options;
    }

    /// <summary>Converts a timeout for timers: a timeout that is longer than their limit becomes infinite.</summary>
    internal static TimeSpan Timer(TimeSpan timeout) => timeout > LongestTimer ? Timeout.InfiniteTimeSpan : timeout;

    /// <summary>Returns whether a timeout is positive or infinite.</summary>
    internal static bool IsTimeout(TimeSpan value) => value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan;

    /// <summary>Returns a message for each invalid setting, with its name and the valid values.</summary>
    internal IEnumerable<string> Problems()
    {
        foreach (var problem in LicenseKeyProvider is null ? ProblemsOfKey(LicenseKey, nameof(LicenseKey)) : [])
        {
            yield return problem;
        }

        foreach (var problem in ProblemsWithoutKey())
        {
            yield return problem;
        }
    }

    /// <summary>
    /// Returns a message for each problem of a license key, alone or with <see cref="BaseAddress"/>. No message contains the key.
    /// </summary>
    internal IEnumerable<string> ProblemsOfKey(string? key, string name)
    {
        if (string.IsNullOrWhiteSpace(key))
        {
            yield return name == nameof(LicenseKey)
                ? $"{name} is not set. Set it, or the environment variable {LicenseKeyVariable} for {nameof(FromEnvironment)}()."
                : $"{name} has no license key.";
            yield break;
        }

        if (key!.Any(character => character is <= ' ' or > '~'))
        {
            yield return $"{name} contains a space, a line break or another character that no key has. "
                + "Check that it was copied completely and without quotes.";
        }

        if (BaseAddress is not { IsAbsoluteUri: true })
        {
            yield break;
        }

        if (key!.StartsWith("sandbox", StringComparison.OrdinalIgnoreCase)
            && BaseAddress.Host.EndsWith("lalal.ai", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{name} is a sandbox key, and {nameof(BaseAddress)} is the real service. "
                + "Set the sandbox's address, or a real key.";
        }

        if (IsInsecure && AllowInsecureHttp && !key.StartsWith(SandboxKeyPrefix, StringComparison.Ordinal))
        {
            yield return $"{nameof(BaseAddress)} is plain http, and {name} is not a sandbox key. "
                + $"{nameof(AllowInsecureHttp)} is only for keys that begin with {SandboxKeyPrefix}. Write https.";
        }
    }

    /// <summary>Returns a message for each other invalid setting.</summary>
    internal IEnumerable<string> ProblemsWithoutKey()
    {
        if (BaseAddress is not { IsAbsoluteUri: true } || BaseAddress.Scheme is not ("https" or "http"))
        {
            yield return $"{nameof(BaseAddress)} must be an absolute https URL, like {DefaultBaseAddress}.";
        }
        else if (IsInsecure && !AllowInsecureHttp)
        {
            yield return $"{nameof(BaseAddress)} is plain http, which would show the license key to the network. Write https. "
                + $"http is for loopback addresses, and with {nameof(AllowInsecureHttp)} for sandboxes on other hosts.";
        }
        else if (BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0 || BaseAddress.UserInfo.Length > 0)
        {
            yield return $"{nameof(BaseAddress)} must not contain a query, fragment or user name; only scheme, host, port and path.";
        }

        if (ApplicationId is not null && !ProductInfoHeaderValue.TryParse(ApplicationId, out _))
        {
            yield return $"{nameof(ApplicationId)} is '{ApplicationId}'; "
                + "it must be a name and a version without spaces, like karaoke-web/1.4.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(RequestTimeout), RequestTimeout),
            (nameof(InactivityTimeout), InactivityTimeout),
            (nameof(UploadResponseTimeout), UploadResponseTimeout),
        })
        {
            if (!IsTimeout(value))
            {
                yield return $"{name} is {value}; it must be more than zero, or infinite.";
            }
        }

        foreach (var (name, value) in new[] { (nameof(RetryDelay), RetryDelay), (nameof(PollingInterval), PollingInterval) })
        {
            if (value < TimeSpan.Zero)
            {
                yield return $"{name} is {value}; it must be zero or more.";
            }
        }

        if (MaxRetries is < 0 or > 100)
        {
            yield return $"{nameof(MaxRetries)} is {MaxRetries}; it must be from 0 to 100.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(MaxConcurrentUploads), MaxConcurrentUploads),
            (nameof(MaxConcurrentDownloads), MaxConcurrentDownloads),
        })
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it must be 1 or more.";
            }
        }

        if (TimeProvider is null)
        {
            yield return $"{nameof(TimeProvider)} is null; leave it at {nameof(TimeProvider)}.System.";
        }
    }

    /// <summary>Returns a copy that later changes of this object do not affect.</summary>
    /// <param name="licenseKey">Another license key for the copy.</param>
    /// <exception cref="ArgumentException">A setting is not valid.</exception>
    internal LalalAiClientOptions Freeze(string? licenseKey = null)
    {
        var copy = (LalalAiClientOptions)MemberwiseClone();
        if (licenseKey is not null)
        {
            (copy.LicenseKey, copy.LicenseKeyProvider) = (licenseKey, null);
        }

        var problems = copy.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }

        copy.RequestTimeout = Timer(RequestTimeout);
        copy.InactivityTimeout = Timer(InactivityTimeout);
        copy.UploadResponseTimeout = Timer(UploadResponseTimeout);
        copy.PollingInterval = PollingInterval < LongestTimer ? PollingInterval : LongestTimer;
        return copy;
    }

    private bool IsInsecure => BaseAddress is { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false };
}
