using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Usage;

/// <summary>The latest requests, in the order of their arrival.</summary>
/// <param name="clock">The sandbox's clock.</param>
/// <param name="keepsBodies">Whether to keep their bodies.</param>
internal sealed class RequestLog(TimeProvider clock, bool keepsBodies)
{
    private const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly BodyBuffer _bodies = new();

    // A ring buffer, indexed by the number of the request.
    private readonly RequestEntry?[] _entries = new RequestEntry?[Capacity];
    private long _first = 1;
    private long _next = 1;
    private long _version;

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
            _entries[_next++ % Capacity] = entry;
            _first = Math.Max(_first, _next - Capacity);
        }

        if (keepsBodies)
        {
            context.Features.Set(entry);
        }

        return entry;
    }

    /// <summary>A request by its number; null when it is not in the log.</summary>
    public RequestEntry? Find(long number)
    {
        lock (_lock)
        {
            return number >= _first && number < _next ? _entries[number % Capacity] : null;
        }
    }

    /// <summary>The changes since an earlier call.</summary>
    /// <param name="version">The version that the earlier call returned; 0 at first.</param>
    public (long Version, long First, IReadOnlyList<RecordedRequest> Requests) ChangesSince(long version)
    {
        // Read first, so that a concurrent change is returned twice instead of never.
        var current = Interlocked.Read(ref _version);
        lock (_lock)
        {
            IReadOnlyList<RecordedRequest> changed =
                current == version ? [] : [.. Entries.Select(entry => entry.ChangedSince(version)).OfType<RecordedRequest>()];
            return (current, _first, changed);
        }
    }

    public long NextVersion() => Interlocked.Increment(ref _version);

    public KeptBody Keep(ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            return _bodies.Write(body);
        }
    }

    /// <summary>The kept part of a body; null when it is no longer kept.</summary>
    public byte[]? Read(KeptBody body)
    {
        lock (_lock)
        {
            return _bodies.Read(body);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            Array.Clear(_entries);
            _first = _next;
        }
    }
}
