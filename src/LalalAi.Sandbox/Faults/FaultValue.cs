namespace LalalAi.Sandbox.Faults;

/// <summary>What may stand behind the name of a fault.</summary>
internal enum FaultValue
{
    None,
    Text,

    /// <summary>A number of bytes.</summary>
    Bytes,

    /// <summary>An HTTP status code.</summary>
    Status,
    RequiredStatus,
    RequiredDuration,
}
