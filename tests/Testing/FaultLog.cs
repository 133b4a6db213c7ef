using System.Collections.Concurrent;

namespace LalalAi.Testing;

/// <summary>The faults that occurred: how often, and the latest with their connections and positions.</summary>
public sealed class FaultLog
{
    private const int Capacity = 2000;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly int[] _applied = new int[Enum.GetValues<WireFaultKind>().Length];
    private int _connections;
    private int _open;

    public int Connections => _connections;

    /// <summary>The connections that have not ended yet.</summary>
    public int Open => _open;

    public IReadOnlyCollection<string> Lines => _lines;

    public int Applied(WireFaultKind kind) => Volatile.Read(ref _applied[(int)kind]);

    public void Opened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _open);
    }

    public void Ended() => Interlocked.Decrement(ref _open);

    public void Note(string connection, WireFault fault)
    {
        Interlocked.Increment(ref _applied[(int)fault.Kind]);
        _lines.Enqueue($"{connection}: {fault}");
        if (_lines.Count > Capacity)
        {
            _lines.TryDequeue(out _);
        }
    }
}
