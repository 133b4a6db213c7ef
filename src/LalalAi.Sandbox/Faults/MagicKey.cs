namespace LalalAi.Sandbox.Faults;

/// <summary>License keys that simulate plans of the service and faults. They work with any client.</summary>
internal sealed record MagicKey(string Name, Func<SandboxOptions, SandboxOptions>? Configure = null, string? Faults = null)
{
    private const string Prefix = "sandbox-";

    public static IReadOnlyList<MagicKey> All { get; } =
    [
        new("sandbox-no-minutes", options => options with { MinutesPerLicense = 0 }),
        new("sandbox-no-batch", options => options with { BatchAllowed = false }),
        new("sandbox-small-files", options => options with { MaxUploadBytes = 1000 }),
        new("sandbox-short-songs", options => options with { MaxSourceDuration = TimeSpan.FromSeconds(1) }),
        new("sandbox-not-premium", Faults: "status=400;on=start;detail=Premium license required to access this feature."),
        new("sandbox-forbidden", Faults: "status=403"),
        new("sandbox-rate-limited", Faults: "status=429;on=check"),
        new("sandbox-unavailable", Faults: "status=503"),
    ];

    /// <summary>The special meaning of a key; null for an ordinary key.</summary>
    public static MagicKey? Find(string key) =>
        !key.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : FaultNotation.Find(key) is { } faults ? new MagicKey(key, Faults: faults)
        : All.FirstOrDefault(magic => magic.Name == key);
}
