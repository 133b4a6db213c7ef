namespace LalalAi.Polling;

/// <summary>The progress of a wait that also shows why checks fail. The next state ends the outage.</summary>
internal interface IWaitProgress : IProgress<TaskState>
{
    /// <summary>Reports that a check failed, so that the wait is paused.</summary>
    void ReportOutage(Exception cause);
}
