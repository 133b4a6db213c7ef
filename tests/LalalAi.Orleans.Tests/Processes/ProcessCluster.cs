using System.Globalization;
using System.Net.NetworkInformation;
using LalalAi.Cluster.Checks;
using LalalAi.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>Silos of samples/Cluster as processes, with a redis-server of their own and a strict sandbox.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static int _nextPort = Random.Shared.Next(10_000, 25_000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lalalai-processes-");
    private readonly Dictionary<int, TestProcess> _silos = [];
    private readonly int _port = FreePorts(50);
    private readonly int _maxConcurrentJobs;
    private IHost? _client;

    private ProcessCluster(SandboxServer sandbox, RedisServer redis, int maxConcurrentJobs) =>
        (Sandbox, Redis, _maxConcurrentJobs) = (sandbox, redis, maxConcurrentJobs);

    public SandboxServer Sandbox { get; }

    public RedisServer Redis { get; }

    public ICatalogGrain Catalog => Grains.GetCatalog("songs");

    /// <summary>What all silos have written to standard output.</summary>
    public string Output => string.Concat(_silos.Values.Select(silo => silo.Output));

    private IGrainFactory Grains => _client!.Services.GetRequiredService<IGrainFactory>();

    public static async Task<ProcessCluster> StartAsync(int silos, double speed, int maxConcurrentJobs = 200)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = speed, UseFfmpeg = false });
        var cluster = new ProcessCluster(sandbox, await RedisServer.StartAsync(), maxConcurrentJobs);
        for (var number = 0; number < silos; number++)
        {
            await cluster.StartSiloAsync(number);
        }

        await cluster.ConnectAsync();
        return cluster;
    }

    /// <summary>Adds songs of a second each to the catalog.</summary>
    public Task<int> AddAsync(int count) =>
        Catalog.AddAsync(Enumerable.Range(0, count).Select(number => Song($"{number:0000}.wav", number)));

    /// <summary>Creates a song of a second, and returns a request for its vocals.</summary>
    public JobRequest Song(string name, int seed)
    {
        var songs = Directory.CreateDirectory(Path.Combine(_folder.FullName, "songs")).FullName;
        File.WriteAllBytes(Path.Combine(songs, name), SandboxSong.Create(TimeSpan.FromSeconds(1), seed));
        return new JobRequest(name, new StemSeparatorPresets { Stem = Stem.Vocals });
    }

    /// <summary>Returns the number of the silo with the check grain.</summary>
    public async Task<int> FindCheckGrainAsync()
    {
        var check = Grains.GetGrain<ICheckGrain>(LalalAiClusterOptions.DefaultLicenseName);
        var silo = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(check);
        return (silo!.Endpoint.Port - _port) / 2;
    }

    /// <summary>Starts a silo, and waits until it is running. A silo that was killed gets a number of its own.</summary>
    public async Task StartSiloAsync(int number)
    {
        using var limit = new CancellationTokenSource(TestLimit.Time);
        var silo = TestProcess.StartAssembly(
            typeof(global::Cluster.ClusterSettings).Assembly.Location,
            [],
            new Dictionary<string, string>
            {
                ["Silo"] = number.ToString(CultureInfo.InvariantCulture),
                ["Parent"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                ["MaxConcurrentJobs"] = _maxConcurrentJobs.ToString(CultureInfo.InvariantCulture),
                ["Folder"] = _folder.FullName,
                ["Port"] = _port.ToString(CultureInfo.InvariantCulture),
                ["Redis"] = Redis.Address,
                ["LalalAi__BaseAddress"] = Sandbox.BaseAddress.AbsoluteUri,
                ["LalalAi__LicenseKey"] = Sandbox.LicenseKey,
            });
        _silos.Add(number, silo);
        await silo.ReadLineAsync("is running", limit.Token);
    }

    public Task SignalAsync(int number, string signal) => _silos[number].SignalAsync(signal);

    public Task KillSiloAsync(int number) => _silos[number].KillAsync();

    public async ValueTask DisposeAsync()
    {
        // Not a graceful stop: the silos may be dead.
        foreach (var silo in _silos.Values)
        {
            silo.Dispose();
        }

        await Redis.DisposeAsync();
        _client?.Dispose();
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        using var limit = new CancellationTokenSource(TestLimit.Time);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseConnectionRetryFilter((_, _) => Task.FromResult(!limit.IsCancellationRequested))
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(Redis.Address)));
        _client = builder.Build();
        await _client.StartAsync(limit.Token);
    }

    /// <summary>
    /// Finds a range of ports that nothing uses and that no other test of this process gets. Silos cannot choose theirs, because others must
    /// know them. The ports are below those that systems assign.
    /// </summary>
    public static int FreePorts(int count)
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(endpoint => endpoint.Port).ToHashSet();
        int port;
        do
        {
            port = Interlocked.Add(ref _nextPort, count) - count;
        }
        while (Enumerable.Range(port, count).Any(used.Contains));
        return port;
    }
}
