namespace LalalAi.Sandbox.State;

/// <summary>
/// The limit of checks per minute. By default, it counts the checks in the last 60 seconds, the strictest interpretation of "30 requests
/// per minute".
/// </summary>
internal sealed class CheckWindow(int? limit, CheckWindowKind kind)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _admitted = new();

    public bool TryEnter(DateTimeOffset now)
    {
        if (limit is not { } most)
        {
            return true;
        }

        lock (_lock)
        {
            while (_admitted.TryPeek(out var oldest) && now - oldest >= Window)
            {
                if (kind == CheckWindowKind.Fixed)
                {
                    _admitted.Clear();
                    break;
                }

                _admitted.Dequeue();
            }

            if (_admitted.Count >= most)
            {
                return false;
            }

            _admitted.Enqueue(now);
            return true;
        }
    }
}
