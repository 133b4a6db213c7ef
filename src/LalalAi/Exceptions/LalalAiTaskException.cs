namespace LalalAi;

/// <summary>The awaited task did not succeed. <see cref="State"/> contains the reason.</summary>
public sealed class LalalAiTaskException : LalalAiException
{
    /// <summary>Creates the exception for a state.</summary>
    public LalalAiTaskException(TaskState state)
        : base(Describe(state ?? throw new ArgumentNullException(nameof(state)))) => State = state;

    /// <summary>The task.</summary>
    public TaskId TaskId => State.TaskId;

    /// <summary>
    /// The final state: <see cref="TaskFailed"/>, <see cref="TaskCanceled"/>, <see cref="TaskLookupFailed"/> or
    /// <see cref="UnknownTaskState"/>.
    /// </summary>
    public TaskState State { get; }

    private static string Describe(TaskState state) => state switch
    {
        TaskFailed failed =>
            $"Task {state.TaskId} failed: {failed.Error.Detail.TrimEnd('.')}"
                + (failed.Error.Code is { } code ? $" ({code})." : "."),
        TaskCanceled => $"Task {state.TaskId} was canceled.",
        TaskLookupFailed lookup =>
            $"Task {state.TaskId} could not be looked up: {lookup.Message.TrimEnd('.')}. "
                + "A task can be checked for 24 hours after its start, with the license key that started it.",
        UnknownTaskState { Problem: { } problem } =>
            $"The response for task {state.TaskId} could not be parsed. {problem} State.Raw contains the response.",
        UnknownTaskState unknown =>
            $"Task {state.TaskId} has the status '{unknown.Status}', which this version of the library does not know. "
                + "State.Raw contains the response.",
        _ => $"Task {state.TaskId} ended as {state.GetType().Name}.",
    };
}
