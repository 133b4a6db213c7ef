namespace LalalAi.Sandbox.Usage;

/// <summary>Counts the checks of the last minute.</summary>
internal sealed class CheckFrequency
{
    private readonly Queue<DateTimeOffset> _lastMinute = new();

    /// <returns>How many there were in the minute that ends now.</returns>
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
