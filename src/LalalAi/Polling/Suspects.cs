namespace LalalAi.Polling;

/// <summary>
/// Tasks of requests that the service refused as a whole, which one id can be to blame for. They are asked for in ever smaller parts, larger ones first, until whoever is to blame is
/// alone; a part that is answered is free of suspicion. Not thread-safe: the loop guards it.
/// </summary>
internal sealed class Suspects
{
    /// <summary>
    /// A request, its halves, quarters, eighths and sixteenths: when all of them are refused, and nothing else was answered meanwhile, it is not an id that the service does not
    /// like. That is a minute of the service's limit, and isolates any number of ids among 16, and a few among 200.
    /// </summary>
    private const int MaximumRefusals = 31;

    private readonly Queue<IReadOnlyList<WatchedTask>> _parts = new();
    private int _refusals;
    private bool _wasAnswered;

    public bool Any => _parts.Count > 0;

    /// <summary>Returns the part whose turn it is, without those whom nobody waits for any more.</summary>
    public IReadOnlyList<WatchedTask> Take(Func<WatchedTask, bool> isWaitedFor)
    {
        while (_parts.Count > 0)
        {
            List<WatchedTask> part = [.. _parts.Dequeue().Where(isWaitedFor)];
            if (part.Count > 0)
            {
                return part;
            }
        }

        return [];
    }

    /// <summary>Notes that a part was neither answered nor refused.</summary>
    public void PutBack(IReadOnlyList<WatchedTask> part) => _parts.Enqueue(part);

    /// <summary>Notes that the service answered: it takes requests, so that what it refuses is up to the ids.</summary>
    public void Accept(IReadOnlyList<WatchedTask> batch)
    {
        _wasAnswered = true;
        foreach (var task in batch)
        {
            task.IsSuspect = false;
        }
    }

    /// <summary>Notes that a request was refused, and returns those whose waits end with it.</summary>
    public IReadOnlyList<WatchedTask> Refuse(IReadOnlyList<WatchedTask> batch)
    {
        if (!Any && !batch[0].IsSuspect)
        {
            _refusals = 0;
            _wasAnswered = false;
        }

        _refusals++;
        if (batch.Count == 1)
        {
            return batch;
        }

        if (_refusals >= MaximumRefusals && !_wasAnswered)
        {
            List<WatchedTask> all = [.. batch, .. _parts.SelectMany(part => part)];
            Clear();
            return all;
        }

        var half = (batch.Count + 1) / 2;
        _parts.Enqueue([.. batch.Take(half)]);
        _parts.Enqueue([.. batch.Skip(half)]);
        foreach (var task in batch)
        {
            task.IsSuspect = true;
        }

        return [];
    }

    public void Clear() => _parts.Clear();
}
