using LalalAi.Sandbox.Audio;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.State;

/// <summary>A valid request to start a task.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="IdempotencyKey">The idempotency key; null when the client sent none.</param>
/// <param name="Presets">The presets with their defaults, <c>task_type</c> and <c>label</c>.</param>
internal sealed record StartRequest(Guid SourceId, Guid? IdempotencyKey, JObject Presets)
{
    /// <summary>The tracks to create.</summary>
    public SplitPlan Plan { get; } = SplitPlan.For(Presets);

    /// <summary>The fault because of which the task will fail; null for none.</summary>
    public Fault? Failure { get; init; }

    /// <summary>Equal for requests with the same parameters, except for the key.</summary>
    public string Parameters { get; } = $"{SourceId} {Presets.ToString(Formatting.None)}";
}
