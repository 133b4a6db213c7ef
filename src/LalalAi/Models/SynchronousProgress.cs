namespace LalalAi;

/// <summary>
/// Reports progress by calling a delegate immediately and in order. <see cref="Progress{T}"/> posts each report to the thread pool instead,
/// where reports can overtake each other.
/// </summary>
/// <typeparam name="T">The type of the reports.</typeparam>
/// <param name="report">Receives each report, on the thread that makes progress. It should return quickly.</param>
public sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    private readonly Action<T> _report = report ?? throw new ArgumentNullException(nameof(report));

    /// <inheritdoc/>
    public void Report(T value) => _report(value);
}
