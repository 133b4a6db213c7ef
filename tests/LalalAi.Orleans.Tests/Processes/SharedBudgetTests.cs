using LalalAi.Sandbox;
using StackExchange.Redis;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>Two silos that both check, as after a network split, with the sample's budget in Redis.</summary>
[Category("Slow")]
[Platform(Include = "Linux", Reason = "redis-server.")]
public sealed class SharedBudgetTests
{
    [Test]
    public async Task Two_silos_that_check_at_once_stay_within_the_limit_together()
    {
        TestProcess.Require("redis-server");
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 1e-6, UseFfmpeg = false });
        await using var one = await CheckAsync(sandbox, connection);
        await using var other = await CheckAsync(sandbox, connection);

        // Each alone would stay within the limit. Together they would send 57 a minute.
        await TestLimit.UntilAsync(() => sandbox.GetReport().Checks >= 40);
        var report = sandbox.GetReport();
        Assert.That(report.ChecksInBusiestMinute, Is.LessThanOrEqualTo(CheckBudget.MaxChecks));
        Assert.That(report.ChecksRejected, Is.Zero);
        Assert.That((one.Checks, other.Checks), Is.GreaterThan((5, 5)));
    }

    /// <summary>Starts to check a task that does not end, as the grain of a cluster does.</summary>
    private static async Task<Poller> CheckAsync(SandboxServer sandbox, IConnectionMultiplexer redis)
    {
        var poller = new Poller(sandbox, global::Cluster.SiloProcess.SharedBudget(redis));
        await poller.StartAsync();
        return poller;
    }

    private sealed class Poller : DelegatingHandler, IAsyncDisposable
    {
        private readonly LalalAiClient _client;
        private readonly CancellationTokenSource _ending = new();
        private Task _wait = Task.CompletedTask;
        private int _checks;

        public Poller(SandboxServer sandbox, System.Threading.RateLimiting.RateLimiter budget)
            : base(new SocketsHttpHandler()) => _client = new LalalAiClient(new LalalAiClientOptions
            {
                BaseAddress = sandbox.BaseAddress,
                LicenseKey = sandbox.LicenseKey,
                CheckRateLimiter = budget,
                PrimaryHandlerFactory = () => this,
            });

        public int Checks => Volatile.Read(ref _checks);

        public async Task StartAsync()
        {
            var source = await _client.UploadAsync(new MemoryStream(SandboxSong.Create(TimeSpan.FromSeconds(1))), "song.wav");
            _wait = _client.WaitAsync(await _client.StartAsync(source.Id, new DemuserPresets()), cancellationToken: _ending.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await _wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _client.DisposeAsync();
            _ending.Dispose();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/check/", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _checks);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
