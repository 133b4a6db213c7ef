using LalalAi.Sandbox;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;
using Orleans.Storage;
using Orleans.TestingHost;

namespace LalalAi.Cluster.Tests;

/// <summary>A cluster in this process, with a sandbox, a storage that outlives it, and a folder for songs and tracks.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lalalai-cluster-");
    private InProcessTestCluster? _cluster;

    private TestCluster(SandboxServer sandbox) => Sandbox = sandbox;

    public SandboxServer Sandbox { get; }

    public TestStorage Storage { get; } = new();

    public TestReminders Reminders { get; } = new();

    /// <summary>What the silos log, without the details that Orleans logs at lower levels.</summary>
    public TestLog Log { get; } = new() { Level = LogLevel.Information };

    public IGrainFactory Grains => _cluster!.Client;

    /// <summary>The names of the silos, which are their locations.</summary>
    public IReadOnlyList<string> Names => [.. _cluster!.Silos.Select(silo => silo.Name)];

    public IReadOnlyList<IServiceProvider> Silos => [.. _cluster!.Silos.Select(silo => silo.ServiceProvider)];

    public string Tracks => Path.Combine(_folder.FullName, "tracks");

    private Action<LalalAiClientOptions> Client { get; init; } = _ => { };

    private Action<LalalAiClusterOptions> Options { get; init; } = _ => { };

    private Action<IServiceCollection> Services { get; init; } = _ => { };

    private short Count { get; init; }

    public static async Task<TestCluster> StartAsync(
        int silos = 1,
        Action<LalalAiClientOptions>? client = null,
        Action<LalalAiClusterOptions>? options = null,
        Action<IServiceCollection>? services = null,
        SandboxOptions? sandbox = null)
    {
        sandbox ??= new SandboxOptions();
        var server = await SandboxServer.StartAsync(
            sandbox with { Speed = double.PositiveInfinity, ChecksPerMinute = null, UseFfmpeg = false });
        var cluster = new TestCluster(server)
        {
            Count = (short)silos,
            Client = client ?? (_ => { }),
            Options = options ?? (_ => { }),
            Services = services ?? (_ => { }),
        };
        await cluster.DeployAsync();
        return cluster;
    }

    /// <summary>Creates a song in the folder for sources, and returns a request for its vocals.</summary>
    public JobRequest Song(string name, int seed = 0)
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, name), SandboxSong.Create(TimeSpan.FromSeconds(1), seed));
        return new JobRequest(name, new StemSeparatorPresets { Stem = Stem.Vocals });
    }

    public IEnumerable<JobRequest> Songs(int count) => Enumerable.Range(1, count).Select(number => Song($"{number:0000}.wav", number));

    /// <summary>Waits until each silo may place grains on all.</summary>
    public Task SilosAreKnownAsync() => TestLimit.UntilAsync(() => _cluster!.Silos.All(silo =>
        silo.ServiceProvider.GetRequiredService<IClusterManifestProvider>().Current.Silos.Count == _cluster.Silos.Count));

    /// <summary>Calls a grain that is not active yet, which activates it on a certain silo.</summary>
    public async Task OnSiloAsync(int silo, Func<Task> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, _cluster!.Silos[silo].SiloAddress);
        await call();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    /// <summary>Whether a silo has a grain in memory.</summary>
    public bool IsActive(IAddressable grain) => SiloOf(grain) is not null;

    /// <summary>Returns the name of the silo that has a grain in memory, or <see langword="null"/>.</summary>
    public string? SiloOf(IAddressable grain) => _cluster!.TryGetGrainContext(grain.GetGrainId(), out var context)
        ? _cluster.Silos.Single(silo => silo.SiloAddress.Equals(context.Address.SiloAddress)).Name
        : null;

    public Task AddSiloAsync() => _cluster!.StartAdditionalSiloAsync();

    public Task KillSiloAsync(string name) => _cluster!.KillSiloAsync(_cluster.Silos.Single(silo => silo.Name == name));

    /// <summary>Ends the cluster without any chance to store something, and starts another one over the same storage.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await DeployAsync();
    }

    private async Task KillAsync()
    {
        foreach (var silo in _cluster!.Silos)
        {
            await _cluster.KillSiloAsync(silo);
        }

        await _cluster.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(Count);
        builder.ConfigureSilo((specific, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(LalalAiClusterOptions.StorageName, Storage);
            silo.AddReminders().Services.AddSingleton<IReminderTable>(Reminders);
            silo.Services.Configure<JobFilesOptions>(files => (files.SourceFolder, files.TrackFolder) = (_folder.FullName, Tracks));
            Services(silo.Services);
            silo.AddLalalAi(
                options =>
                {
                    (options.BaseAddress, options.LicenseKey) = (Sandbox.BaseAddress, Sandbox.LicenseKey);
                    options.PollingInterval = TimeSpan.Zero;
                    options.CheckRateLimiter = UnlimitedChecks.Limiter;
                    options.RetryDelay = TimeSpan.FromMilliseconds(1);
                    Client(options);
                },
                options =>
                {
                    options.SweepInterval = TimeSpan.FromSeconds(1);
                    options.Location = specific.SiloName;
                    Options(options);
                });
            silo.ConfigureLogging(logging => logging.ClearProviders().Services.AddSingleton<ILoggerFactory>(Log));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
