namespace LalalAi.Cli.Jobs;

/// <summary>Passes reports on at once and in order. <see cref="Progress{T}"/> would do so later, and on other threads.</summary>
internal sealed class Relay<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
