namespace LalalAi;

/// <summary>A wait reached its timeout. The task keeps running: wait again with the same ID, or cancel it.</summary>
public sealed class LalalAiTaskTimeoutException : TimeoutException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="timeout">The timeout.</param>
    /// <param name="lastState">The last known state of the task.</param>
    /// <param name="innerException">Why checks failed when the timeout was reached, if they did.</param>
    public LalalAiTaskTimeoutException(TaskId taskId, TimeSpan timeout, TaskState? lastState = null, Exception? innerException = null)
        : base(
            $"Task {taskId} did not finish within {timeout}. "
                + $"{DescribeCause(innerException)}It keeps running: wait again with its ID, or cancel it.",
            innerException)
    {
        TaskId = taskId;
        LastState = lastState;
    }

    /// <summary>The task.</summary>
    public TaskId TaskId { get; }

    /// <summary>The last known state, or <see langword="null"/> if no check succeeded.</summary>
    public TaskState? LastState { get; }

    /// <summary>
    /// The job, if <c>ProcessAsync</c> threw the exception. Pass it to <see cref="ProcessOptions.ResumeFrom"/> to resume the job without
    /// paying twice.
    /// </summary>
    public JobCheckpoint? Checkpoint { get; internal set; }

    private static string DescribeCause(Exception? cause) => cause switch
    {
        null or OperationCanceledException => string.Empty,
        _ => $"Its state is not known, because checks fail: {cause.Message.TrimEnd('.')}. ",
    };
}
