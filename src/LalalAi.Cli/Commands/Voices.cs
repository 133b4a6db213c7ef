using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Commands;

/// <summary>The voices by their names: the built-in voices, which the contract lists in prose, and the user's packs.</summary>
internal static class Voices
{
    public static IReadOnlyList<string> BuiltIn { get; } =
        ["ALEX_KAYE", "NICOLAAS_HAAS", "NIK_ZEL", "OLIA_CHEBO", "STASIA_FAYE", "VETRANA", "YVAR_DE_GROOT"];

    /// <summary>Returns the ID of a voice.</summary>
    /// <exception cref="UsageException">No voice has that name, or more than one.</exception>
    public static async Task<string> FindAsync(ILalalAiClient client, string voice, bool isUnchecked, CancellationToken cancellationToken)
    {
        var spelled = voice.Replace('-', '_').Replace(' ', '_');
        if (BuiltIn.FirstOrDefault(name => string.Equals(name, spelled, StringComparison.OrdinalIgnoreCase)) is { } builtIn)
        {
            return builtIn;
        }

        if (isUnchecked || Guid.TryParse(voice, out _))
        {
            return voice;
        }

        var packs = await client.GetVoicePacksAsync(cancellationToken);
        var named = packs.Where(pack => string.Equals(pack.Name, voice, StringComparison.OrdinalIgnoreCase)).ToList();
        return named switch
        {
            [{ IsReady: false }] =>
                throw new UsageException($"The voice pack '{voice}' is not ready yet. `lalalai packs` shows when it is."),
            [var pack] => pack.Id,
            [] =>
                throw new UsageException(
                    $"Unknown voice '{voice}'. Available: {string.Join(", ", BuiltIn.Concat(packs.Select(pack => $"'{pack.Name}'")))}."),
            _ =>
                throw new UsageException(
                    $"There is more than one voice pack called '{voice}'. Pass the ID instead: "
                        + $"{string.Join(", ", named.Select(pack => pack.Id))}."),
        };
    }
}
