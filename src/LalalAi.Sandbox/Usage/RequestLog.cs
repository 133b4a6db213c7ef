using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Usage;

/// <summary>The latest requests, in the order in which they came.</summary>
internal sealed class RequestLog(TimeProvider clock)
{
    private const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<RequestEntry> _entries = new();

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Select(entry => entry.Known)];
            }
        }
    }

    public RequestEntry Add(HttpContext context, string? operation)
    {
        var entry = new RequestEntry(context, operation, clock.GetUtcNow());
        lock (_lock)
        {
            if (_entries.Count == Capacity)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }

        return entry;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }
}
