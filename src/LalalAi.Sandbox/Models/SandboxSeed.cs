namespace LalalAi.Sandbox;

/// <summary>The initial data of a license key for a test.</summary>
public sealed record SandboxSeed
{
    /// <summary>The license key. <see cref="SandboxServer.LicenseKey"/> by default.</summary>
    public string? LicenseKey { get; init; }

    /// <summary>The processing minutes that are left. <see langword="null"/>, the default, leaves them unchanged.</summary>
    public double? MinutesLeft { get; init; }

    /// <summary>Names of files to create as sources. Each is a different song in WAV format. At most 4 hours of audio in total.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The duration of each source. 3 seconds by default, at most an hour.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How many tasks are already running on each source. They cost nothing. 0 by default, at most 100,000 for all sources.
    /// </summary>
    public int RunningTasks { get; init; }

    /// <summary>
    /// How long the running tasks take, independent of the sandbox's speed. They finish one after another, evenly spread over this time. 1
    /// minute by default.
    /// </summary>
    public TimeSpan RunningTime { get; init; } = TimeSpan.FromMinutes(1);
}
