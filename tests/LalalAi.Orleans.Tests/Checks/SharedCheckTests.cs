using System.Net;
using System.Text;
using System.Threading.RateLimiting;
using LalalAi.Cluster.Checks;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cluster.Tests.Checks;

/// <summary>The checks of a cluster go through one grain.</summary>
public sealed class SharedCheckTests
{
    [Test]
    public async Task Checks_of_all_silos_share_one_request()
    {
        var service = new CheckService { HoldsFirst = true };
        var calls = new CheckCalls();
        await using var cluster = await StartAsync(
            service, silos: 3, services: services => services.AddSingleton<IIncomingGrainCallFilter>(calls));
        var clients = cluster.Silos.Select(silo => silo.GetRequiredService<ILalalAiClient>()).ToList();
        var first = clients[0].CheckAsync([Id(0)]);
        await TestLimit.UntilAsync(() => service.Requests.Count == 1);
        var others = new[] { clients[1].CheckAsync([Id(1)]), clients[2].CheckAsync([Id(2)]) };
        await TestLimit.UntilAsync(() => calls.Count == 3);
        service.Release();
        await Task.WhenAll([first, .. others]).SoonAsync();

        Assert.That(
            service.Requests,
            Is.EqualTo(new[] { new[] { Id(0) }, new[] { Id(1), Id(2) } }).Using<TaskId[]>(
                (one, other) => one.ToHashSet().SetEquals(other)));
    }

    [Test]
    public async Task A_rejected_license_key_ends_waits()
    {
        var service =
            new CheckService { Respond = _ => Json(HttpStatusCode.Forbidden, """{"detail":"The license key is not active."}""") };
        await using var cluster = await StartAsync(service);

        var exception = await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => Client(cluster).WaitAsync(Id(0)).SoonAsync());
        Assert.That(exception!.Message, Does.Contain("not active"));
    }

    [Test]
    public async Task A_page_of_a_proxy_ends_no_wait()
    {
        var service = new CheckService
        {
            Respond = number => number == 1
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("<html>No</html>") }
                : null,
        };
        await using var cluster = await StartAsync(service);

        Assert.That((await Client(cluster).WaitAsync(Id(0)).SoonAsync()).TaskId, Is.EqualTo(Id(0)));
    }

    [Test]
    public async Task A_check_that_is_rejected_with_429_ends_no_wait_and_slows_down()
    {
        var clock = new TestClock { SkipsDelays = true };
        var service = new CheckService
        {
            Respond = number => number <= 3 ? Json(HttpStatusCode.TooManyRequests, """{"detail":"Too many requests."}""") : null,
        };
        await using var cluster = await StartAsync(
            service,
            client: options =>
            {
                options.TimeProvider = clock;
                options.RequestTimeout = TestClock.NoLimit;
            });

        Assert.That((await Client(cluster).WaitAsync(Id(0)).SoonAsync()).TaskId, Is.EqualTo(Id(0)));
        Assert.That(service.Requests, Has.Count.EqualTo(4));
        Assert.That(clock.Delays, Has.Some.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)), "5, 10 and 20 seconds, with jitter.");
    }

    [Test]
    public async Task A_limiter_that_throws_ends_no_wait()
    {
        var limiter = new BrokenLimiter(failures: 2);
        await using var cluster = await StartAsync(new CheckService(), client: options => options.CheckRateLimiter = limiter);

        Assert.That((await Client(cluster).WaitAsync(Id(0)).SoonAsync()).TaskId, Is.EqualTo(Id(0)));
        Assert.That(limiter.Attempts, Is.EqualTo(3), "Two failures, and one permit for one request.");
    }

    [Test]
    public async Task License_name_that_no_silo_has_fails_with_advice()
    {
        await using var cluster = await StartAsync(new CheckService());

        Assert.That(
            () => cluster.Grains.GetGrain<ICheckGrain>("other").CheckAsync([Id(0).Value], CancellationToken.None),
            Throws.InvalidOperationException.With.Message.Contains("'other'").And.Message.Contains("AddLalalAi"));
    }

    [Test]
    public async Task A_client_of_the_cluster_shares_its_checks()
    {
        var service = new CheckService();
        await using var cluster = await StartAsync(service);
        var services = new ServiceCollection().AddSingleton(cluster.Grains);
        services.AddLalalAi(options => options.LicenseKey = "only-the-silos-need-it").ShareChecks();
        await using var provider = services.BuildServiceProvider();

        Assert.That(
            (await provider.GetRequiredService<ILalalAiClient>().WaitAsync(Id(0)).SoonAsync()).Tracks,
            Has.Count.EqualTo(1).And.All.Property(nameof(TaskTrack.Url)).Not.Null);
        Assert.That(service.Requests, Has.Count.EqualTo(1));
    }

    private static ILalalAiClient Client(TestCluster cluster) => cluster.Silos[0].GetRequiredService<ILalalAiClient>();

    private static TaskId Id(int number) => new($"{new Guid(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0)}");

    private static Task<TestCluster> StartAsync(
        CheckService service, int silos = 1, Action<LalalAiClientOptions>? client = null, Action<IServiceCollection>? services = null) =>
        TestCluster.StartAsync(
            silos,
            options =>
            {
                options.PrimaryHandlerFactory = () => service;
                client?.Invoke(options);
            },
            services: services);

    private static HttpResponseMessage Json(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    /// <summary>Counts the checks that have reached the grain's loop.</summary>
    private sealed class CheckCalls : IIncomingGrainCallFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var call = context.Invoke();
            if (context.ImplementationMethod.DeclaringType == typeof(CheckGrain))
            {
                Interlocked.Increment(ref _count);
            }

            await call;
        }
    }

    /// <summary>Answers checks, without sockets: every task has succeeded.</summary>
    private sealed class CheckService : HttpMessageHandler
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<TaskId[]> _requests = [];

        public bool HoldsFirst { get; init; }

        public Func<int, HttpResponseMessage?> Respond { get; init; } = _ => null;

        public IReadOnlyList<TaskId[]> Requests
        {
            get
            {
                lock (_requests)
                {
                    return [.. _requests];
                }
            }
        }

        public void Release() => _released.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var ids = JObject.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))["task_ids"]!.Select(
                id => new TaskId((string)id!)).ToArray();
            int number;
            lock (_requests)
            {
                _requests.Add(ids);
                number = _requests.Count;
            }

            if (HoldsFirst && number == 1)
            {
                await _released.Task.WaitAsync(cancellationToken);
            }

            var states = ids.Select(id => $"\"{id}\":{Success}");
            return Respond(number) ?? Json(HttpStatusCode.OK, "{\"result\":{" + string.Join(',', states) + "}}");
        }

        private const string Success =
            """
            {"status":"success","source_id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3",
            "presets":{"task_type":"split","label":"stem_separator","stem":"vocals"},
            "result":{"duration":9,"tracks":[{"type":"stem","label":"vocals","url":"https://example.com/vocals"}]}}
            """;
    }

    /// <summary>A limiter over a store that is not there at first.</summary>
    private sealed class BrokenLimiter(int failures) : RateLimiter
    {
        private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = 1000 });

        public int Attempts { get; private set; }

        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => _limiter.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            ++Attempts <= failures
                ? throw new TimeoutException("The store does not answer.")
                : _limiter.AcquireAsync(permitCount, cancellationToken);
    }
}
