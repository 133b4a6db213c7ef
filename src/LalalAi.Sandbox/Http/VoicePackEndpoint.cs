using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// <c>/voice_packs/list/</c>, and the packs that <c>/change_voice/</c> accepts: built-in packs by name, the user's packs by ID.
/// </summary>
internal static class VoicePackEndpoint
{
    private static readonly string[] LegalPacks =
        ["ALEX_KAYE", "STASIA_FAYE", "NICOLAAS_HAAS", "NIK_ZEL", "OLIA_CHEBO", "YVAR_DE_GROOT", "VETRANA"];

    private static readonly (string Name, Guid Id, long Created)[] CustomPacks =
    [
        ("Sandbox Narrator", new Guid("6d3f3c52-8f0e-4d0b-9a53-2f6a7c1e4b01"), 1_735_689_600),
        ("Sandbox Alto", new Guid("b1c7a9de-05f4-4c3a-8d61-7e9f2a4c6b02"), 1_743_465_600),
        ("Sandbox Baritone", new Guid("e49a7b10-3c2d-4e5f-a1b8-90c3d5e7f603"), 1_751_328_000),
    ];

    /// <summary>The built-in packs.</summary>
    public static IReadOnlyList<string> ReadyMade => LegalPacks;

    public static void AddTo(OperationRegistry operations) => operations.Add("voice_packs/list/", request => ApiResponse.Ok(List(request)));

    public static bool IsKnown(string packId) =>
        LegalPacks.Contains(packId) || (Guid.TryParseExact(packId, "D", out var id) && CustomPacks.Any(pack => pack.Id == id));

    private static JObject List(ApiRequest request)
    {
        var packs = CustomPacks.Select(
            pack => new JObject { ["name"] = pack.Name, ["pack_id"] = pack.Id.ToString(), ["created"] = pack.Created });
        var isEnhanced = request.Faults.HasUndocumentedValues(source: null);
        return new JObject { ["packs"] = new JArray(isEnhanced ? packs.Select(UndocumentedValues.OfVoicePack) : packs) };
    }
}
