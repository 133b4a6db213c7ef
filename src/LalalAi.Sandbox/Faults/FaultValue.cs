namespace LalalAi.Sandbox.Faults;

/// <summary>The type of the value of a fault.</summary>
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
