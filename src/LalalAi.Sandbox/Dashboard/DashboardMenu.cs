using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The choices in the forms of the page.</summary>
internal sealed record DashboardMenu(
    string LicenseKey,
    bool Ffmpeg,
    int? ChecksPerMinute,
    IReadOnlyList<string> Operations,
    IReadOnlyList<FaultChoice> Faults,
    IReadOnlyList<KindChoice> Kinds)
{
    public static DashboardMenu Create(
        string licenseKey,
        bool ffmpeg,
        SandboxOptions options,
        ServiceContract contract,
        FaultGrammar grammar) => new(
        licenseKey,
        ffmpeg,
        options.ChecksPerMinute,
        [.. grammar.Scopes],
        [
            .. FaultKind.All.Select(kind => new FaultChoice(
                kind.Name, kind.Effect, kind.Value.ToString(), kind.Scope, [.. grammar.Scopes.Where(kind.AppliesTo)])),
        ],
        [
            .. TaskKind.All
                .Where(kind => contract.Operations.ContainsKey(OperationContract.Root + kind.Path))
                .Select(kind => KindChoice.Create(kind, new StartRequestReader(contract))),
        ]);
}

/// <summary>A fault that can be added.</summary>
internal sealed record FaultChoice(string Name, string Effect, string Value, string Scope, IReadOnlyList<string> Scopes);

/// <summary>A kind of task that can be started.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Path">The path that starts it.</param>
/// <param name="Choices">The presets with a list of values: their names and values.</param>
internal sealed record KindChoice(string Kind, string Path, IReadOnlyDictionary<string, IReadOnlyList<string>> Choices)
{
    private static readonly string[] Offered = ["stem", "stem_list", "voice_pack_id", "encoder_format"];

    public static KindChoice Create(TaskKind kind, StartRequestReader reader) => new(
        kind.Label ?? kind.TaskType,
        OperationContract.Root + kind.Path,
        Offered
            .Select(preset => (preset, Values: preset == "voice_pack_id" && kind == TaskKind.VoiceChange
                ? VoicePackEndpoint.ReadyMade
                : reader.ValuesOf(kind, preset)))
            .Where(choice => choice.Values.Count > 0)
            .ToDictionary(choice => choice.preset, choice => choice.Values));
}
