using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;

namespace LalalAi;

/// <summary>The settings of a <see cref="LalalAiClient"/>. They are checked once, when the client is made.</summary>
public sealed class LalalAiClientOptions
{
    /// <summary>The environment variable that <see cref="FromEnvironment"/> takes the license key from.</summary>
    public const string LicenseKeyVariable = "LALALAI_LICENSE_KEY";

    /// <summary>The environment variable that <see cref="FromEnvironment"/> takes the base address from.</summary>
    public const string BaseAddressVariable = "LALALAI_BASE_URL";

    /// <summary>The address of the service.</summary>
    public static Uri DefaultBaseAddress { get; } = new("https://www.lalal.ai/");

    /// <summary>The license key, from the account page of LALAL.AI. It is sent as <c>X-License-Key</c>, to <see cref="BaseAddress"/> only.</summary>
    public string LicenseKey { get; set; } = string.Empty;

    /// <summary>
    /// The address that the API's paths start from. By default <c>https://www.lalal.ai/</c>; a sandbox has another. Plain <c>http</c> is taken on loopback only, because the key
    /// travels in a header.
    /// </summary>
    public Uri BaseAddress { get; set; } = DefaultBaseAddress;

    /// <summary>How long one attempt of a request may take, uploads and downloads excepted. By default 100 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long an upload or a download may stand still, without a byte, before it counts as broken. By default 60 seconds. There is no limit to a transfer as a
    /// whole: 10 GB over a slow line take hours.
    /// </summary>
    public TimeSpan InactivityTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the service may take to answer after the last byte of an upload. By default 5 minutes.</summary>
    public TimeSpan UploadResponseTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a request is repeated when that is safe and may help. By default 4; 0 switches repeating off.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>The wait before the first repetition; it doubles with each, up to 30 seconds, and is jittered. By default 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The minimum time between two check requests of the client. By default 2.1 seconds, which keeps within the service's 30 checks a minute. All waits and checks share the requests: each
    /// contains up to 200 tasks.
    /// </summary>
    public TimeSpan PollingInterval { get; set; } = TimeSpan.FromSeconds(2.1);

    /// <summary>
    /// Permits check requests, one permit each, held until the answer is there. By default a <see cref="CheckBudget"/> for this client alone. Clients that share a license key must share a limiter,
    /// across machines one over a shared store. While a limiter throws, checks pause and waits continue. The client does not dispose the limiter.
    /// </summary>
    public RateLimiter? CheckRateLimiter { get; set; }

    /// <summary>
    /// Sends check requests instead of the client's own HTTP request, for example to a process that merges the checks of a cluster: receives up to 200 task IDs, and returns the service's JSON for
    /// each of them. An ID that is left out could not be looked up. An exception pauses the checks like a failed request. Waits, checks and renewed links all use it, with the client's
    /// <see cref="PollingInterval"/>, <see cref="CheckRateLimiter"/> and <see cref="RequestTimeout"/>.
    /// </summary>
    public Func<IReadOnlyList<TaskId>, CancellationToken, Task<IReadOnlyDictionary<TaskId, string>>>? CheckTransport { get; set; }

    /// <summary>How many uploads the client runs at the same time; others wait for their turn. 8 by default.</summary>
    public int MaxConcurrentUploads { get; set; } = 8;

    /// <summary>How many downloads the client runs at the same time; others wait for their turn. 16 by default.</summary>
    public int MaxConcurrentDownloads { get; set; } = 16;

    /// <summary>The clock for waits, time-outs and rates. By default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the client logs to. By default nowhere. Neither keys nor links are ever logged.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Makes options from <c>LALALAI_LICENSE_KEY</c> and, when it is set, <c>LALALAI_BASE_URL</c>.</summary>
    /// <exception cref="ArgumentException">The base address is no absolute address.</exception>
    public static LalalAiClientOptions FromEnvironment()
    {
        var options = new LalalAiClientOptions { LicenseKey = Environment.GetEnvironmentVariable(LicenseKeyVariable) ?? string.Empty };
        if (Environment.GetEnvironmentVariable(BaseAddressVariable) is { Length: > 0 } address)
        {
            options.BaseAddress = Uri.TryCreate(address, UriKind.Absolute, out var uri)
                ? uri
                : throw new ArgumentException($"The environment variable {BaseAddressVariable} is '{address}', which is no absolute address. Write it like https://www.lalal.ai/.");
        }

        return options;
    }

    /// <summary>Returns what is wrong with the settings, one message each: which setting, and what to write instead.</summary>
    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(LicenseKey))
        {
            yield return $"{nameof(LicenseKey)} is not set. Set it, or the environment variable {LicenseKeyVariable} for {nameof(FromEnvironment)}().";
        }
        else if (LicenseKey.Any(character => character is <= ' ' or > '~'))
        {
            yield return $"{nameof(LicenseKey)} holds a space, a line break or a character that no key has. Was it copied whole, and without quotes?";
        }

        if (BaseAddress is not { IsAbsoluteUri: true } || !(BaseAddress.Scheme == "https" || BaseAddress.Scheme == "http"))
        {
            yield return $"{nameof(BaseAddress)} must be an absolute https address, like {DefaultBaseAddress}.";
        }
        else if (BaseAddress.Scheme == "http" && !BaseAddress.IsLoopback)
        {
            yield return $"{nameof(BaseAddress)} is plain http, which would show the license key to the network. Write https; http is for loopback only.";
        }
        else if (BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0 || BaseAddress.UserInfo.Length > 0)
        {
            yield return $"{nameof(BaseAddress)} must hold no query, fragment or user name; only scheme, host, port and path.";
        }
        else if (BaseAddress.Host.EndsWith("lalal.ai", StringComparison.OrdinalIgnoreCase) && LicenseKey?.StartsWith("sandbox", StringComparison.OrdinalIgnoreCase) == true)
        {
            yield return $"{nameof(LicenseKey)} is a sandbox key, and {nameof(BaseAddress)} is the real service. Set the sandbox's address, or a real key.";
        }

        foreach (var (name, value, least, mostDays) in new[]
        {
            (nameof(RequestTimeout), RequestTimeout, TimeSpan.FromMilliseconds(1), 24),
            (nameof(InactivityTimeout), InactivityTimeout, TimeSpan.FromMilliseconds(1), 24),
            (nameof(UploadResponseTimeout), UploadResponseTimeout, TimeSpan.FromMilliseconds(1), 24),
            (nameof(RetryDelay), RetryDelay, TimeSpan.Zero, 1),
            (nameof(PollingInterval), PollingInterval, TimeSpan.Zero, 24),
        })
        {
            if (value < least || value > TimeSpan.FromDays(mostDays))
            {
                yield return $"{nameof(LalalAiClientOptions)}.{name} is {value}; it must be {(least == TimeSpan.Zero ? "zero or more" : "more than zero")}, and {(mostDays == 1 ? "1 day" : $"{mostDays} days")} at most.";
            }
        }

        if (MaxRetries is < 0 or > 100)
        {
            yield return $"{nameof(MaxRetries)} is {MaxRetries}; it must be from 0 to 100.";
        }

        foreach (var (name, value) in new[] { (nameof(MaxConcurrentUploads), MaxConcurrentUploads), (nameof(MaxConcurrentDownloads), MaxConcurrentDownloads) })
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

    /// <summary>Returns a copy whose values later changes of this object do not touch, or throws when a setting is wrong.</summary>
    internal LalalAiClientOptions Freeze()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }

        var copy = (LalalAiClientOptions)MemberwiseClone();
        if (!copy.BaseAddress.AbsolutePath.EndsWith("/", StringComparison.Ordinal))
        {
            copy.BaseAddress = new Uri(copy.BaseAddress.AbsoluteUri + "/");
        }

        return copy;
    }
}
