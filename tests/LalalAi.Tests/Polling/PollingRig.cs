using System.Diagnostics;
using System.Globalization;
using LalalAi.Http;
using LalalAi.Polling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LalalAi.Tests.Polling;

/// <summary>
/// A poller with a clock and an endpoint of its own. The clock moves in small steps, and after each the rig waits until the loop sleeps again, so that what happens at
/// which time does not depend on the machine.
/// </summary>
internal sealed class PollingRig : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly HttpClients _clients;

    public PollingRig(Action<LalalAiClientOptions>? configure = null, ILogger? logger = null)
    {
        Endpoint = new CheckEndpoint(Clock);
        Options = new LalalAiClientOptions { LicenseKey = "secret-key", TimeProvider = Clock };
        configure?.Invoke(Options);
        Options.PrimaryHandlerFactory = () => Endpoint;
        _clients = new HttpClients(Options);
        Poller = new TaskPoller(new ApiCaller(_clients, Options, NullLogger.Instance), Options, logger ?? NullLogger.Instance);
    }

    public TestClock Clock { get; } = new();

    public CheckEndpoint Endpoint { get; }

    public LalalAiClientOptions Options { get; }

    public TaskPoller Poller { get; }

    public static TaskId Id(int number) => new(new Guid(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0).ToString("D", CultureInfo.InvariantCulture));

    public static TaskId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(Id)];

    public Task<TaskSucceeded> Wait(int number = 0, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Poller.WaitAsync(Id(number), progress, timeout, cancellationToken);

    /// <summary>Waits until the loop does nothing before the clock moves.</summary>
    public async Task SettleAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!Poller.Loop.IsAsleep && !Endpoint.IsHolding)
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Guard), "The loop does not come to rest.");
            await Task.Yield();
        }
    }

    public Task AdvanceAsync(double seconds, double stepSeconds = 0.1) => AdvanceAsync(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(stepSeconds));

    public async Task AdvanceAsync(TimeSpan time, TimeSpan step)
    {
        await SettleAsync();
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Clock.Advance(left < step ? left : step);
            await SettleAsync();
        }
    }

    /// <summary>Moves the clock until something has ended, whatever it waits for.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        var started = Stopwatch.GetTimestamp();
        while (!task.IsCompleted)
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Guard), "It does not end.");
            await Task.WhenAny(task, Task.Run(() => Clock.Advance(TimeSpan.FromSeconds(0.1))));
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>Something that ends without the clock moving; the guard is for a test that fails.</summary>
    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Guard);

    /// <summary>The exception that something ends with, without the clock moving.</summary>
    public static async Task<TException> Fails<TException>(Task task)
        where TException : Exception
    {
        try
        {
            await task.WaitAsync(Guard);
        }
        catch (TimeoutException exception) when (!task.IsCompleted)
        {
            Assert.Fail($"It does not end. {exception.Message}");
        }
        catch (Exception exception)
        {
            Assert.That(exception, Is.TypeOf<TException>(), exception.ToString());
            return (TException)exception;
        }

        throw new AssertionException($"It did not end with {typeof(TException).Name}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Poller.DisposeAsync().AsTask().WaitAsync(Guard);
        _clients.Dispose();
    }
}

/// <summary>Reports in the caller's own flow, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Observer<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
