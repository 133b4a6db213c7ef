namespace LalalAi;

/// <summary>
/// The IDs of the service's own voice packs, for <see cref="VoiceChangePresets.VoicePackId"/>. Those of the license key's own packs come
/// from <see cref="ILalalAiClient.GetVoicePacksAsync"/>.
/// </summary>
public static class VoicePackIds
{
    /// <summary>The pack <c>ALEX_KAYE</c>.</summary>
    public const string AlexKaye = "ALEX_KAYE";

    /// <summary>The pack <c>NICOLAAS_HAAS</c>.</summary>
    public const string NicolaasHaas = "NICOLAAS_HAAS";

    /// <summary>The pack <c>NIK_ZEL</c>.</summary>
    public const string NikZel = "NIK_ZEL";

    /// <summary>The pack <c>OLIA_CHEBO</c>.</summary>
    public const string OliaChebo = "OLIA_CHEBO";

    /// <summary>The pack <c>STASIA_FAYE</c>.</summary>
    public const string StasiaFaye = "STASIA_FAYE";

    /// <summary>The pack <c>VETRANA</c>.</summary>
    public const string Vetrana = "VETRANA";

    /// <summary>The pack <c>YVAR_DE_GROOT</c>.</summary>
    public const string YvarDeGroot = "YVAR_DE_GROOT";

    /// <summary>All of them. The service may have added others.</summary>
    public static IReadOnlyList<string> All { get; } = [AlexKaye, NicolaasHaas, NikZel, OliaChebo, StasiaFaye, Vetrana, YvarDeGroot];
}
