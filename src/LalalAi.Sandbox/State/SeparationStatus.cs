namespace LalalAi.Sandbox.State;

internal enum SeparationStatus
{
    /// <summary>Waiting for processing. The service reports it as progress 0.</summary>
    Queued,

    Processing,
    Succeeded,
    Failed,
    Canceled,
}
