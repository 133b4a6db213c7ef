using System.Threading.RateLimiting;
using LalalAi.Cluster.Checks;

namespace LalalAi.Benchmarks.VirtualTime;

/// <summary>
/// A cluster without Orleans: the clients of its silos, whose checks are shared, and the client of the silo that checks for all of them.
/// What Orleans does, which is to notice that a silo has died and to create grains elsewhere, is simulated by the times that it takes.
/// </summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(20);

    private readonly SimulatedService _service;
    private readonly RateLimiter? _sharedBudget;
    private readonly LalalAiClient?[] _silos;
    private readonly CheckGrainProxy[] _grains;

    /// <param name="service">The service.</param>
    /// <param name="silos">How many silos there are.</param>
    /// <param name="sharesBudget">Whether all that check share a budget, as with a limiter in Redis. Otherwise each has its own.</param>
    public SimulatedCluster(SimulatedService service, int silos, bool sharesBudget)
    {
        _service = service;
        _sharedBudget = sharesBudget ? CheckBudget.Create(service.Clock) : null;
        var poller = CreatePoller();
        _grains = [.. Enumerable.Range(0, silos).Select(_ => new CheckGrainProxy { Poller = poller })];
        _silos = [.. _grains.Select(CreateSilo)];
    }

    /// <summary>Waits for a task as a job does: on another silo if its own has died.</summary>
    public async Task WaitAsync(TaskId task, int silo)
    {
        while (true)
        {
            var client = _silos[silo % _silos.Length];
            try
            {
                if (client is not null)
                {
                    await client.WaitAsync(task).ConfigureAwait(false);
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                await Task.Delay(TakeOver, _service.Clock).ConfigureAwait(false);
            }

            silo++;
        }
    }

    /// <summary>Ends the silo that checks. Until another one takes over, checks fail.</summary>
    public async Task KillPollerAsync()
    {
        var poller = _grains[0].Poller!;
        Route(_ => null);
        poller.Dispose();
        await Task.Delay(TakeOver, _service.Clock).ConfigureAwait(false);
        var next = CreatePoller();
        Route(_ => next);
    }

    /// <summary>Ends a silo with its waits.</summary>
    public void KillSilo(int silo) => Interlocked.Exchange(ref _silos[silo], null)!.Dispose();

    /// <summary>Lets two silos check for a time, each for one half of the cluster.</summary>
    public async Task SplitAsync(TimeSpan time)
    {
        var first = _grains[0].Poller!;
        var second = CreatePoller();
        Route(silo => silo % 2 == 0 ? first : second);
        await Task.Delay(time, _service.Clock).ConfigureAwait(false);
        Route(_ => first);
        second.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _silos.Append(_grains[0].Poller).OfType<LalalAiClient>())
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Route(Func<int, LalalAiClient?> poller)
    {
        for (var silo = 0; silo < _grains.Length; silo++)
        {
            _grains[silo].Poller = poller(silo);
        }
    }

    private LalalAiClient CreatePoller() => new(new LalalAiClientOptions
    {
        LicenseKey = "key",
        TimeProvider = _service.Clock,
        CheckTransport = _service.CheckAsync,
        CheckRateLimiter = _sharedBudget,
    });

    private LalalAiClient CreateSilo(ICheckGrain grain) => new(new LalalAiClientOptions
    {
        LicenseKey = "key",
        TimeProvider = _service.Clock,
        CheckTransport = (ids, cancellationToken) => SharedChecks.CheckAsync(grain, ids, cancellationToken),
        CheckRateLimiter = SharedChecks.NoLimit,
    });

    /// <summary>The way from a silo to the grain that checks.</summary>
    private sealed class CheckGrainProxy : ICheckGrain
    {
        public LalalAiClient? Poller { get; set; }

        public Task<CheckResult> CheckAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => Poller is { } poller
            ? CheckGrain.CheckAsync(poller, taskIds, cancellationToken)
            : Task.FromException<CheckResult>(new TimeoutException("The silo does not answer."));
    }
}
