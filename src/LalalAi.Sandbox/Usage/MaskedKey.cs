namespace LalalAi.Sandbox.Usage;

/// <summary>License keys as they are shown: one that may be real is cut.</summary>
internal static class MaskedKey
{
    private const int Shown = 4;

    private const char Cut = '…';

    public static string Of(string key) =>
        key.StartsWith("sandbox", StringComparison.Ordinal) || key.Length <= Shown ? key : $"{key[..Shown]}{Cut}";

    public static bool IsMasked(string key) => key.EndsWith(Cut);
}
