namespace LalalAi;

/// <summary>A wait ran out of time. The task goes on: wait again with the same id, or cancel it.</summary>
public sealed class TaskTimeoutException : TimeoutException
{
    /// <summary>Makes the exception for a task, the time that was waited, and the last that is known of the task.</summary>
    public TaskTimeoutException(TaskId task, TimeSpan timeout, TaskState? lastState, Exception? innerException = null)
        : base($"Task {task} did not end within {timeout}. It goes on: wait again with its id, or cancel it.", innerException)
    {
        Task = task;
        LastState = lastState;
    }

    /// <summary>The task that was waited for.</summary>
    public TaskId Task { get; }

    /// <summary>The last state that was seen, or <see langword="null"/> when no check had been answered yet.</summary>
    public TaskState? LastState { get; }
}
