namespace LalalAi.Sandbox.State;

/// <summary>A task, or the reason why none was started.</summary>
internal readonly record struct StartOutcome(SeparationTask? Task, Refusal? Refusal)
{
    public static implicit operator StartOutcome(SeparationTask task) => new(task, null);

    public static implicit operator StartOutcome(Refusal refusal) => new(null, refusal);
}
