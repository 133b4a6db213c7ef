namespace LalalAi.Polling;

/// <summary>The wait of a job. It also shows why checks fail; the next state ends the outage.</summary>
internal interface IWaitProgress : IProgress<TaskState>
{
    /// <summary>Whether the job has just started the task, so that the task exists.</summary>
    bool IsStarted { get; }

    /// <summary>Reports that a check failed, so that the wait is paused.</summary>
    void ReportOutage(Exception cause);
}
