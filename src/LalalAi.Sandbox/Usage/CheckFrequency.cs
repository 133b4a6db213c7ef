namespace LalalAi.Sandbox.Usage;

/// <summary>Counts the checks of the last minute.</summary>
internal sealed class CheckFrequency
{
    private readonly Queue<DateTimeOffset> _lastMinute = new();

    /// <returns>The number of checks in the last minute.</returns>
    public int Add(DateTimeOffset now)
    {
        while (_lastMinute.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
        {
            _lastMinute.Dequeue();
        }

        _lastMinute.Enqueue(now);
        return _lastMinute.Count;
    }
}
