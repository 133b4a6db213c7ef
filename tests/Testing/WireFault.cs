namespace LalalAi.Testing;

/// <summary>What can happen to a connection.</summary>
public enum WireFaultKind
{
    /// <summary>Both ends see the connection end, as if all had been sent (FIN).</summary>
    Close,

    /// <summary>Both ends see the connection reset (RST).</summary>
    Reset,

    /// <summary>No more bytes arrive in this direction, and the connection stays open.</summary>
    Stall,

    /// <summary>The rest arrives after a delay.</summary>
    Delay,

    /// <summary>The next bytes arrive one at a time.</summary>
    Slice,

    /// <summary>One byte is changed.</summary>
    Corrupt,
}

public enum WireDirection
{
    ToServer,
    ToClient,
}

/// <summary>Something that happens to a connection just before a byte is passed on.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Direction">To which of the two streams.</param>
/// <param name="Offset">The place of the byte in its stream, counted from the connection's beginning.</param>
public sealed record WireFault(WireFaultKind Kind, WireDirection Direction, long Offset)
{
    /// <summary>The bits that a corruption flips.</summary>
    public byte Mask { get; init; } = 1;

    /// <summary>Whether the stream ends with it.</summary>
    public bool IsFinal => Kind is WireFaultKind.Close or WireFaultKind.Reset or WireFaultKind.Stall;

    public override string ToString() => $"{Kind} {Direction} at {Offset}{(Kind == WireFaultKind.Corrupt ? $" by {Mask:x2}" : string.Empty)}";
}
