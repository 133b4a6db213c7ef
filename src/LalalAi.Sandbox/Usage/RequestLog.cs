using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Usage;

/// <summary>
/// The latest requests, in the order in which they came. Their bodies are kept too, up to a number of bytes: those of the oldest requests
/// are dropped first.
/// </summary>
/// <param name="clock">The sandbox's clock.</param>
/// <param name="keepsBodies">Whether to keep bodies.</param>
internal sealed class RequestLog(TimeProvider clock, bool keepsBodies)
{
    private const int Capacity = 10_000;
    private const int MaxBodyBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();

    // A ring: each request has the place of its number.
    private readonly RequestEntry?[] _entries = new RequestEntry?[Capacity];
    private long _first = 1;
    private long _firstWithBodies = 1;
    private long _next = 1;
    private long _version;
    private int _bodyBytes;

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. Entries.Select(entry => entry.Known)];
            }
        }
    }

    private IEnumerable<RequestEntry> Entries
    {
        get
        {
            for (var number = _first; number < _next; number++)
            {
                yield return _entries[number % Capacity]!;
            }
        }
    }

    public RequestEntry Add(HttpContext context, string? operation)
    {
        RequestEntry entry;
        lock (_lock)
        {
            entry = new RequestEntry(this, clock, context, operation, _next);
            if (_next - _first == Capacity)
            {
                _bodyBytes -= _entries[_first % Capacity]!.DropBodies();
                _first++;
                _firstWithBodies = Math.Max(_first, _firstWithBodies);
            }

            _entries[_next++ % Capacity] = entry;
        }

        if (keepsBodies)
        {
            entry.Sent(context.Request.Headers);
            context.Features.Set(entry);
        }

        return entry;
    }

    /// <summary>A request by its number; null when it is no longer, or not yet, in the log.</summary>
    public RequestEntry? Find(long number)
    {
        lock (_lock)
        {
            return number >= _first && number < _next ? _entries[number % Capacity] : null;
        }
    }

    /// <summary>What has changed since an earlier call.</summary>
    /// <param name="version">The version that the earlier call returned; 0 at first.</param>
    public (long Version, long First, IReadOnlyList<RecordedRequest> Requests) ChangesSince(long version)
    {
        // Read first: a change in the meantime is then returned twice rather than never.
        var current = Interlocked.Read(ref _version);
        lock (_lock)
        {
            return (current, _first, current == version ? [] : [.. Entries.Select(entry => entry.ChangedSince(version)).OfType<RecordedRequest>()]);
        }
    }

    public long NextVersion() => Interlocked.Increment(ref _version);

    /// <summary>Keeps a body of a request, unless those of later requests have been dropped already.</summary>
    public void Keep(long number, Func<RecordedBody> keep)
    {
        lock (_lock)
        {
            if (number < _firstWithBodies)
            {
                return;
            }

            _bodyBytes += keep().Bytes.Length;
            while (_bodyBytes > MaxBodyBytes)
            {
                _bodyBytes -= _entries[_firstWithBodies++ % Capacity]!.DropBodies();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            Array.Clear(_entries);
            (_first, _firstWithBodies, _bodyBytes) = (_next, _next, 0);
        }
    }
}
