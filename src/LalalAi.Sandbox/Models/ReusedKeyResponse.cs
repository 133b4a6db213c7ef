namespace LalalAi.Sandbox;

/// <summary>The response to a start with the idempotency key of a queued task.</summary>
public enum ReusedKeyResponse
{
    /// <summary>The ID of the queued task.</summary>
    SameTask,

    /// <summary>An error with the code <c>idempotency_key_used</c>.</summary>
    Rejected,

    /// <summary>The ID of another task, which is charged too.</summary>
    AnotherTask,
}
