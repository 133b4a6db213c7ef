namespace LalalAi.Testing;

/// <summary>
/// Limits what a test waits for, so that it fails instead of hanging. It is no measure of speed: no machine is slow enough to reach it.
/// </summary>
public static class TestLimit
{
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(2);

    /// <summary>Waits for something that a correct program does without further help.</summary>
    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(Time);

    /// <inheritdoc cref="SoonAsync{T}(Task{T})"/>
    public static Task SoonAsync(this Task task) => task.WaitAsync(Time);

    /// <summary>Waits for something that has no event, such as a file that another process writes.</summary>
    /// <param name="condition">Looked at a hundred times a second.</param>
    /// <param name="cancellationToken">Ends the wait instead of the limit.</param>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(Time);
        while (!condition())
        {
            await Task.Delay(10, cancellationToken.CanBeCanceled ? cancellationToken : limit.Token);
        }
    }
}
