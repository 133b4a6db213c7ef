namespace LalalAi.Sandbox.State;

internal enum SeparationStatus
{
    /// <summary>Started, waiting for its turn: the service reports it as progress 0.</summary>
    Queued,

    Processing,
    Succeeded,
    Failed,
    Canceled,
}
