using System.Globalization;
using System.Net.NetworkInformation;
using LalalAi.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>Silos of samples/Cluster as processes, with a redis-server of their own and a strict sandbox.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lalalai-processes-");
    private readonly Dictionary<int, TestProcess> _silos = [];
    private readonly int _port = FreePorts(20);
    private TestProcess? _redis;
    private IHost? _client;

    private ProcessCluster(SandboxServer sandbox) => Sandbox = sandbox;

    public SandboxServer Sandbox { get; }

    public ICatalogGrain Catalog => _client!.Services.GetRequiredService<IGrainFactory>().GetCatalog("songs");

    public int InFlight { get; init; } = 200;

    private string Redis => $"127.0.0.1:{_port}";

    public static async Task<ProcessCluster> StartAsync(int silos, double speed)
    {
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = speed, UseFfmpeg = false });
        var cluster = new ProcessCluster(sandbox);
        await cluster.StartRedisAsync();
        for (var number = 0; number < silos; number++)
        {
            await cluster.StartSiloAsync(number);
        }

        await cluster.ConnectAsync();
        return cluster;
    }

    /// <summary>Adds songs of a second each to the catalog.</summary>
    public Task<int> AddAsync(int count)
    {
        var songs = Directory.CreateDirectory(Path.Combine(_folder.FullName, "songs")).FullName;
        return Catalog.AddAsync(Enumerable.Range(0, count).Select(number =>
        {
            var name = $"{number:0000}.wav";
            File.WriteAllBytes(Path.Combine(songs, name), SandboxSong.Create(TimeSpan.FromSeconds(1), number));
            return new JobRequest(name, new StemSeparatorPresets { Stem = Stem.Vocals });
        }));
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
                ["InFlight"] = InFlight.ToString(CultureInfo.InvariantCulture),
                ["Folder"] = _folder.FullName,
                ["Port"] = (_port + 1).ToString(CultureInfo.InvariantCulture),
                ["Redis"] = Redis,
                ["LalalAi__BaseAddress"] = Sandbox.BaseAddress.AbsoluteUri,
                ["LalalAi__LicenseKey"] = Sandbox.LicenseKey,
            });
        _silos.Add(number, silo);
        await silo.ReadLineAsync("is running", limit.Token);
    }

    public Task SignalAsync(int number, string signal) => _silos[number].SignalAsync(signal);

    public Task KillSiloAsync(int number) => _silos[number].KillAsync();

    public Task KillRedisAsync() => _redis!.KillAsync();

    /// <summary>Starts Redis with what it has on disk.</summary>
    public async Task StartRedisAsync()
    {
        using var limit = new CancellationTokenSource(TestLimit.Time);
        _redis = TestProcess.Start(
            "redis-server",
            [
                "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.FullName,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "",
            ]);
        await _redis.ReadLineAsync("Ready to accept connections", limit.Token);
    }

    /// <summary>Deletes the states of jobs and catalogs, but not the membership of the cluster.</summary>
    public async Task WipeAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
        var server = redis.GetServer(Redis);
        await foreach (var key in server.KeysAsync(pattern: "*/state/*"))
        {
            await redis.GetDatabase().KeyDeleteAsync(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Not a graceful stop: the silos may be dead.
        foreach (var silo in _silos.Values)
        {
            silo.Dispose();
        }

        _redis?.Dispose();
        _client?.Dispose();
        await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
                return true;
            })
            .UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(Redis)));
        _client = builder.Build();
        await _client.StartAsync();
    }

    /// <summary>Finds a range of ports that nothing uses. Silos cannot choose theirs, because others must know them.</summary>
    public static int FreePorts(int count)
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(endpoint => endpoint.Port).ToHashSet();
        return Enumerable.Range(0, int.MaxValue).Select(_ => Random.Shared.Next(10_000, 30_000)).First(
            port => !Enumerable.Range(port, count).Any(used.Contains));
    }
}
