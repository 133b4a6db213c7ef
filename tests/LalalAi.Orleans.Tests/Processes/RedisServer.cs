using System.Globalization;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>A redis-server that keeps each write on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lalalai-redis-");
    private readonly int _port = ProcessCluster.FreePorts(1);
    private TestProcess _process = null!;

    private RedisServer()
    {
    }

    public string Address => $"127.0.0.1:{_port}";

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts it with what it has on disk.</summary>
    public async Task RestartAsync()
    {
        using var limit = new CancellationTokenSource(TestLimit.Time);
        _process = TestProcess.Start(
            "redis-server",
            [
                "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "",
            ]);
        await _process.ReadLineAsync("Ready to accept connections", limit.Token);
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Deletes what a killed server has on disk.</summary>
    public void Wipe()
    {
        _folder.Delete(recursive: true);
        _folder.Create();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
