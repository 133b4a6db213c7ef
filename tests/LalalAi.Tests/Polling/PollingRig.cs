using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LalalAi.Tests.Polling;

/// <summary>
/// A client with a clock and a service of its own, without sockets. The clock moves from one moment at which the loop is due to the next,
/// and only while the loop is idle, so what happens at which time does not depend on the machine.
/// </summary>
internal sealed class PollingRig : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    public PollingRig(Action<LalalAiClientOptions>? configure = null, ILoggerFactory? logs = null)
    {
        Endpoint = new CheckEndpoint(Clock);
        var services = new ServiceCollection();
        services.AddLalalAi(options =>
        {
            options.LicenseKey = "secret-key";
            options.TimeProvider = Clock;
            options.LoggerFactory = logs;
            configure?.Invoke(options);
        }).Api.ConfigurePrimaryHttpMessageHandler(() => Endpoint).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<ILalalAiClient>();
    }

    public PollingClock Clock { get; } = new();

    public CheckEndpoint Endpoint { get; }

    public ILalalAiClient Client { get; }

    public static TaskId Id(int number) =>
        new(new Guid(number + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0).ToString("D", CultureInfo.InvariantCulture));

    public static TaskId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(Id)];

    public Task<TaskSucceeded> Wait(
        int number = 0, IProgress<TaskState>? progress = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Start(() => Client.WaitAsync(Id(number), progress, timeout, cancellationToken));

    public List<Task<TaskSucceeded>> Waits(int count, CancellationToken cancellationToken = default) =>
        [.. Enumerable.Range(0, count).Select(number => Wait(number, cancellationToken: cancellationToken))];

    /// <summary>Waits for many tasks with one call, so that all are there at once.</summary>
    public Observer<TaskState> WaitForEach(int count)
    {
        var ended = new Observer<TaskState>();
        _ = Start(() => ended.ReadAsync(Client.WhenEachAsync(Ids(count))));
        return ended;
    }

    public Task<IReadOnlyDictionary<TaskId, TaskState>> Check(params IEnumerable<int> numbers) =>
        Start(() => Client.CheckAsync(numbers.Select(Id)));

    /// <summary>Starts a call when the loop has reacted to what came before.</summary>
    public T Start<T>(Func<T> call)
    {
        Clock.LoopIsIdleAsync().GetAwaiter().GetResult();
        if (!Endpoint.IsHolding)
        {
            Clock.LoopIsBusy();
        }

        return call();
    }

    /// <summary>Moves the clock, with a stop at each moment at which the loop is due.</summary>
    public Task AdvanceAsync(double seconds) => AdvanceAsync(TimeSpan.FromSeconds(seconds));

    /// <inheritdoc cref="AdvanceAsync(double)"/>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await Clock.LoopIsIdleAsync();
        var end = Clock.Elapsed + time;
        while (!Endpoint.IsHolding && Clock.LoopDue is { } due && due <= end)
        {
            Clock.Advance(due - Clock.Elapsed);
            await Clock.LoopIsIdleAsync();
        }

        Clock.Advance(end - Clock.Elapsed);
        await Clock.LoopIsIdleAsync();
    }

    /// <summary>Moves the clock from one request to the next until a task has ended.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        await Clock.LoopIsIdleAsync();
        while (!task.IsCompleted && Clock.LoopDue is { } due)
        {
            Clock.Advance(due - Clock.Elapsed);
            await Clock.LoopIsIdleAsync();
        }

        return await Soon(task);
    }

    /// <summary>A task that ends without the clock moving; the guard is for a test that fails.</summary>
    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Guard);

    /// <inheritdoc cref="Soon{T}(Task{T})"/>
    public static Task Soon(Task task) => task.WaitAsync(Guard);

    /// <summary>The exception of a task that ends without the clock moving.</summary>
    public static async Task<TException> FailsAsync<TException>(Task task)
        where TException : Exception
    {
        var exception = await Assert.CatchAsync(() => Soon(task));
        Assert.That(exception, Is.TypeOf<TException>(), exception?.ToString());
        return (TException)exception!;
    }

    public async ValueTask DisposeAsync()
    {
        await Soon(Client.DisposeAsync().AsTask());
        await _services.DisposeAsync();
    }
}
