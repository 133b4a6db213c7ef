namespace LalalAi.Tests.Polling;

/// <summary>Reports in the caller's own flow, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Observer<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
