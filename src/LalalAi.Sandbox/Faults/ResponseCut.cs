namespace LalalAi.Sandbox.Faults;

/// <summary>How an answer breaks off.</summary>
/// <param name="Ending">What happens at the end.</param>
/// <param name="After">
/// After how many bytes of the body, the headers before them included; null for before the headers, or for the middle of a truncated body.
/// </param>
internal sealed record ResponseCut(ResponseCut.Way Ending, long? After)
{
    internal enum Way
    {
        /// <summary>Nothing more comes, and the connection stays open.</summary>
        Stall,

        /// <summary>The connection is reset.</summary>
        Reset,

        /// <summary>The connection is closed as if all had been sent.</summary>
        Close,
    }

    public bool IsBeforeHeaders => After is null && Ending != Way.Close;

    public static ResponseCut? Of(Fault fault) =>
        fault.Kind == FaultKind.Stall ? new ResponseCut(Way.Stall, fault.Number)
        : fault.Kind == FaultKind.Reset ? new ResponseCut(Way.Reset, fault.Number)
        : fault.Kind == FaultKind.LoseResponse ? new ResponseCut(Way.Reset, null)
        : fault.Kind == FaultKind.Truncate ? new ResponseCut(Way.Close, fault.Number)
        : null;
}
