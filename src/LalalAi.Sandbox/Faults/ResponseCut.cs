namespace LalalAi.Sandbox.Faults;

/// <summary>How a response is cut.</summary>
/// <param name="Ending">What happens at the end.</param>
/// <param name="After">
/// The number of bytes of the body before the cut; null to cut before the headers, or in the middle of a truncated body.
/// </param>
internal sealed record ResponseCut(ResponseCut.Way Ending, long? After)
{
    internal enum Way
    {
        /// <summary>The response stalls, and the connection stays open.</summary>
        Stall,

        /// <summary>The connection is reset.</summary>
        Reset,

        /// <summary>The connection is closed normally.</summary>
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
