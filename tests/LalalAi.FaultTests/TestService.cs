using LalalAi.Sandbox;

namespace LalalAi.FaultTests;

/// <summary>A sandbox, where its links are, and a client that has an undisturbed way to it and a license of its own.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string LicenseKey = "sandbox-disturbed";

    private const string QuietLicenseKey = "sandbox-quiet";

    private TestService(SandboxServer sandbox, LalalAiClient quiet, string directory, Uri links)
    {
        Sandbox = sandbox;
        Quiet = quiet;
        Directory = directory;
        Links = links;
    }

    public SandboxServer Sandbox { get; }

    public LalalAiClient Quiet { get; }

    /// <summary>A folder that is gone with the service.</summary>
    public string Directory { get; }

    /// <summary>The origin of the links, which only a link tells.</summary>
    public Uri Links { get; }

    /// <summary>How the disturbed clients have behaved.</summary>
    public UsageReport Report => Sandbox.GetReport(LicenseKey);

    /// <summary>Starts a sandbox, and has it make a link.</summary>
    /// <param name="speed">The sandbox's speed.</param>
    public static async Task<TestService> StartAsync(double speed = double.PositiveInfinity)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Speed = speed,
            MinutesPerLicense = 1e6,
            ChecksPerMinute = null,
            LicenseKeys = [LicenseKey, QuietLicenseKey],
        });
        var quiet = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = QuietLicenseKey });
        var seeded = await sandbox.SeedAsync(
            new SandboxSeed { LicenseKey = QuietLicenseKey, Sources = ["song.wav"], Duration = TimeSpan.FromSeconds(1) });
        var task = await quiet.StartAsync(new SourceId(seeded.Sources["song.wav"].ToString()), new DemuserPresets());
        sandbox.Advance(TimeSpan.FromHours(1));
        var link = (await quiet.WaitAsync(task)).Tracks[0].Url!;
        return new TestService(sandbox, quiet, System.IO.Directory.CreateTempSubdirectory("lalalai-faults").FullName, new Uri(link, "/"));
    }

    /// <summary>Makes a song that no other number has.</summary>
    public string WriteSong(int number) => SongFile.Write(Directory, $"song-{number}.wav", 0.5 + ((number + 0.5) / 44_100));

    public async ValueTask DisposeAsync()
    {
        await Quiet.DisposeAsync();
        await Sandbox.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
