namespace LalalAi;

/// <summary>
/// The id of a started task. It is all that is needed to wait for the task, also from another process, for 24 hours after the start.
/// </summary>
/// <param name="Value">The id as the service writes it, a UUID.</param>
public readonly record struct TaskId(string Value)
{
    /// <summary>Whether it has the form of an id; the service refuses a check as a whole for one that has not.</summary>
    internal bool IsWellFormed => Guid.TryParseExact(Value, "D", out _);

    /// <summary>Returns the id as the service writes it.</summary>
    public override string ToString() => Value ?? string.Empty;
}
