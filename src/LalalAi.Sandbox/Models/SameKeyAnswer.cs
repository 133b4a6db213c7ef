namespace LalalAi.Sandbox;

/// <summary>The answer to a start with an idempotency key whose task is still queued.</summary>
public enum SameKeyAnswer
{
    /// <summary>The ID of the queued task.</summary>
    SameTask,

    /// <summary>An error with the code <c>idempotency_key_used</c>.</summary>
    Rejected,

    /// <summary>The ID of another task, which costs minutes too.</summary>
    AnotherTask,
}
