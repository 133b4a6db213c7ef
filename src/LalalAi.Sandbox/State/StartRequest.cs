using LalalAi.Sandbox.Audio;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.State;

/// <summary>A valid request to start a task.</summary>
/// <param name="SourceId">The file to work on.</param>
/// <param name="IdempotencyKey">The client's key against duplicates, if it sent one.</param>
/// <param name="Presets">The presets with the defaults filled in, and <c>task_type</c> and <c>label</c>.</param>
internal sealed record StartRequest(Guid SourceId, Guid? IdempotencyKey, JObject Presets)
{
    /// <summary>The tracks to make.</summary>
    public SplitPlan Plan { get; } = SplitPlan.For(Presets);

    /// <summary>The fault because of which the task will fail; null lets it succeed.</summary>
    public Fault? Failure { get; init; }

    /// <summary>Equal for requests with the same parameters, the key aside.</summary>
    public string Parameters { get; } = $"{SourceId} {Presets.ToString(Formatting.None)}";
}
