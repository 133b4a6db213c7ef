using LalalAi.Cli.Probing;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Probing;

/// <summary>
/// A probe of a sandbox over real sockets. Both use one clock, which advances only by the delays of the probe, at once.
/// </summary>
internal sealed class ProbeRun : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lalalai-probe").FullName;
    private readonly ProbeConnection _connection;
    private readonly TestClock _clock;

    private ProbeRun(SandboxServer sandbox, TestClock clock)
    {
        Sandbox = sandbox;
        _clock = clock;
        _connection = new ProbeConnection(sandbox.BaseAddress, sandbox.LicenseKey, checks: null);
        Record = ProbeRecord.Begin(Path, sandbox.BaseAddress, clock.GetUtcNow());
    }

    public SandboxServer Sandbox { get; }

    public ProbeRecord Record { get; }

    /// <summary>The file that the probe writes.</summary>
    public string Path => System.IO.Path.Combine(_folder, "behavior.json");

    public static async Task<ProbeRun> StartAsync(SandboxBehavior? behavior = null, double minutes = 600)
    {
        var clock = new TestClock { SkipsDelays = true };
        var options =
            new SandboxOptions { TimeProvider = clock, Behavior = behavior, MinutesPerLicense = minutes, LicenseKeys = ["probe-key-0815"] };
        return new ProbeRun(await SandboxServer.StartAsync(options), clock);
    }

    public Task ProbeAsync(bool withLimits = false, CancellationToken cancellationToken = default) =>
        new Probe(_connection, Record, _clock, isTemporary: false).RunAsync(withLimits, cancellationToken);

    /// <summary>Asks a time later, with the file alone.</summary>
    public async Task<BehaviorFile> AskLaterAsync(TimeSpan time)
    {
        _clock.Advance(time);
        var record = new ProbeRecord(Path, BehaviorFile.Read(Path));
        await new LaterProbe(_connection, record, _clock).RunAsync(CancellationToken.None);
        return record.File;
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await Sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
