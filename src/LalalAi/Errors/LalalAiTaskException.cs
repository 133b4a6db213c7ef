namespace LalalAi;

/// <summary>A task that was waited for ended otherwise than in success; <see cref="State"/> says how.</summary>
public sealed class LalalAiTaskException : LalalAiException
{
    /// <summary>Makes the exception for a task and the last that is known of it.</summary>
    public LalalAiTaskException(TaskState state)
        : base(Describe(state)) => State = state;

    /// <summary>The task.</summary>
    public TaskId Task => State.Id;

    /// <summary>
    /// The state that ended the wait: <see cref="TaskFailed"/>, <see cref="TaskCancelled"/>, <see cref="TaskLookupFailed"/> or <see cref="UnknownTaskState"/>.
    /// </summary>
    public TaskState State { get; }

    private static string Describe(TaskState state) => state switch
    {
        TaskFailed failed => $"Task {state.Id} failed: {failed.Error.Detail}{(failed.Error.Code is { } code ? $" ({code})" : string.Empty)}.",
        TaskCancelled => $"Task {state.Id} was cancelled.",
        TaskLookupFailed lookup => $"Task {state.Id} could not be looked up: {lookup.Message} A task can be checked for 24 hours, and only with the key that started it.",
        UnknownTaskState { Problem: { } problem } => $"The answer for task {state.Id} could not be read. {problem} The raw answer is in State.Raw.",
        UnknownTaskState unknown => $"Task {state.Id} has the status '{unknown.Status}', which this version of the library does not know; the raw answer is in State.Raw.",
        _ => $"Task {state.Id} ended as {state.GetType().Name}.",
    };
}
