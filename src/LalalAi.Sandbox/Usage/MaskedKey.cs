namespace LalalAi.Sandbox.Usage;

/// <summary>Shortens license keys that may be real.</summary>
internal static class MaskedKey
{
    private const int Shown = 4;

    private const char Cut = '…';

    public static string Of(string key) =>
        key.StartsWith("sandbox", StringComparison.Ordinal) || key.Length <= Shown ? key : $"{key[..Shown]}{Cut}";

    public static bool IsMasked(string key) => key.EndsWith(Cut);
}
