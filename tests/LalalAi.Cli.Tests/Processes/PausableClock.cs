namespace LalalAi.Cli.Tests.Processes;

/// <summary>
/// The system's clock, that can be stopped: while a process is being started again, no task of the sandbox leaves the queue, however long a
/// busy machine takes.
/// </summary>
internal sealed class PausableClock : TimeProvider
{
    private readonly Lock _lock = new();
    private TimeSpan _behind;
    private DateTimeOffset? _pausedAt;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return (_pausedAt ?? System.GetUtcNow()) - _behind;
        }
    }

    public void Pause()
    {
        lock (_lock)
        {
            _pausedAt ??= System.GetUtcNow();
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _behind += System.GetUtcNow() - (_pausedAt ?? System.GetUtcNow());
            _pausedAt = null;
        }
    }
}
