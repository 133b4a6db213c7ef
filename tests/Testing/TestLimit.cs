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
}
