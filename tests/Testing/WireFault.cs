namespace LalalAi.Testing;

/// <summary>What can happen to a connection.</summary>
public enum WireFaultKind
{
    /// <summary>Both ends see the connection end, as if all had been sent (FIN).</summary>
    Close,

    /// <summary>Both ends see the connection reset (RST).</summary>
    Reset,

    /// <summary>Nothing more comes in this direction, and the connection stays open.</summary>
    Stall,

    /// <summary>Nothing comes for a while, and then the rest.</summary>
    Delay,

    /// <summary>What comes next comes byte by byte.</summary>
    Slice,

    /// <summary>One byte becomes another.</summary>
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
    /// <summary>The bits that a corruption turns round.</summary>
    public byte Mask { get; init; } = 1;

    /// <summary>Whether the stream ends with it.</summary>
    public bool IsFinal => Kind is WireFaultKind.Close or WireFaultKind.Reset or WireFaultKind.Stall;

    public override string ToString() => $"{Kind} {Direction} at {Offset}{(Kind == WireFaultKind.Corrupt ? $" by {Mask:x2}" : string.Empty)}";
}
