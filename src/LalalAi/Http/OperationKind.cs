namespace LalalAi.Http;

/// <summary>What repeating an operation costs, which decides whether and when it is repeated.</summary>
internal enum OperationKind
{
    /// <summary>Reads, and changes that are the same done twice: cancel, delete. Repeated freely.</summary>
    Free,

    /// <summary>Uploads: repeated when every byte can be sent again.</summary>
    Upload,

    /// <summary>Starts: they cost minutes, and are repeated with the same idempotency key only.</summary>
    Start,
}
