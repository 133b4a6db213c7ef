namespace LalalAi.Testing;

/// <summary>
/// Limits what a test waits for, so that it fails instead of hanging. It is no measure of speed: no machine is slow enough to reach it.
/// </summary>
public static class TestLimit
{
    /// <summary>For <see cref="CancelAfterAttribute"/>.</summary>
    public const int Milliseconds = 120_000;

    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(Milliseconds);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for something that a correct program does on its own.</summary>
    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(Time);

    /// <inheritdoc cref="SoonAsync{T}(Task{T})"/>
    public static Task SoonAsync(this Task task) => task.WaitAsync(Time);

    /// <summary>Never completes, unless it is canceled: a response that never arrives.</summary>
    public static Task ForeverAsync(CancellationToken cancellationToken = default) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Gives something that must not happen a moment to happen. A slow machine may hide it, but fails no correct program.</summary>
    public static Task MomentAsync(Task unwanted) => Task.WhenAny(unwanted, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System));

    /// <summary>Waits for something that has no event, such as a file that another process writes.</summary>
    /// <param name="condition">Looked at a hundred times a second.</param>
    /// <param name="cancellationToken">Ends the wait instead of the limit.</param>
    public static Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken = default) =>
        UntilAsync(() => Task.FromResult(condition()), cancellationToken);

    /// <inheritdoc cref="UntilAsync(Func{bool}, CancellationToken)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(Time);
        while (!await condition())
        {
            await Task.Delay(Interval, TimeProvider.System, cancellationToken.CanBeCanceled ? cancellationToken : limit.Token);
        }
    }
}
