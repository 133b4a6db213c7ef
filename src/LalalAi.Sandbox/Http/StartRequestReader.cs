using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Converts a valid body to a request to start a task: adds the defaults of the contract, and checks the rules that a schema cannot
/// express.
/// </summary>
internal sealed class StartRequestReader(ServiceContract contract)
{
    private const string StemWithLeadAndBack = "vocals";

    /// <summary>The request, or the reason why its presets are rejected.</summary>
    public (StartRequest? Request, Refusal? Refusal) Read(JObject body, TaskKind kind)
    {
        var sent = (JObject)body["presets"]!;
        var presets = Complete(sent, kind);
        if (CheckRules(presets, kind) is { } refusal)
        {
            return (null, refusal);
        }

        var key = (string?)body["idempotency_key"];
        return (new StartRequest(Guid.Parse((string)body["source_id"]!), key is null ? null : Guid.Parse(key), presets), null);
    }

    /// <summary>The values of a preset that the contract lists; none if it lists none.</summary>
    public IReadOnlyList<string> ValuesOf(TaskKind kind, string preset)
    {
        if (PresetsOf(kind)[preset] is not JObject declared)
        {
            return [];
        }

        var schema = contract.Resolve(declared);
        schema = schema["items"] is JObject items ? contract.Resolve(items) : schema;
        return [.. (schema["enum"] ?? new JArray()).Where(value => value.Type == JTokenType.String).Select(value => (string)value!)];
    }

    private static Refusal? CheckRules(JObject presets, TaskKind kind)
    {
        var stem = (string?)presets["stem"];
        if (kind == TaskKind.VoiceChange)
        {
            return VoicePackEndpoint.IsKnown((string)presets["voice_pack_id"]!) ? null : new Refusal("Voice pack not found.");
        }

        if ((string?)presets["multivocal"] == SplitPlan.LeadAndBack && stem != StemWithLeadAndBack)
        {
            return new Refusal($"Parameter 'multivocal' is available only for the '{StemWithLeadAndBack}' stem.");
        }

        if (presets["stem_list"] is JArray stems
            && stems.Select(each => (string?)each).Distinct(StringComparer.Ordinal).Count() != stems.Count)
        {
            return new Refusal("Parameter 'stem_list' has a stem more than once.");
        }

        return SplitterRules.Check((string)presets["splitter"]!, stem);
    }

    /// <summary>
    /// The declared presets, with their values or defaults. Undeclared presets have no effect and are not returned by checks.
    /// </summary>
    private JObject Complete(JObject sent, TaskKind kind)
    {
        var complete = new JObject { ["task_type"] = kind.TaskType };
        if (kind.Label is not null)
        {
            complete["label"] = kind.Label;
        }

        foreach (var (name, declared) in PresetsOf(kind))
        {
            if ((sent[name] ?? declared!["default"]) is { } value)
            {
                complete[name] = name == "splitter" && sent[name] is null
                    ? SplitterRules.Choose(kind, (string?)sent["stem"], [.. contract.Resolve((JObject)declared!)["enum"]!])
                    : value.DeepClone();
            }
        }

        return complete;
    }

    private JObject PresetsOf(TaskKind kind)
    {
        var request = contract.Resolve(contract.Operations[OperationContract.Root + kind.Path].RequestSchema!);
        return (JObject)contract.Resolve((JObject)request["properties"]!["presets"]!)["properties"]!;
    }
}
