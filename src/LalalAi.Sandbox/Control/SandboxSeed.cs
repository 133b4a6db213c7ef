namespace LalalAi.Sandbox;

/// <summary>What a license starts a test with.</summary>
public sealed record SandboxSeed
{
    /// <summary>The license key. By default <see cref="SandboxServer.LicenseKey"/>.</summary>
    public string? LicenseKey { get; init; }

    /// <summary>The minutes of processing that are left. <see langword="null"/>, the default, leaves them as they are.</summary>
    public double? MinutesLeft { get; init; }

    /// <summary>Names of files to make and upload: short songs, as WAV.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>How long each of them is. 3 seconds by default, at most an hour.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);
}
