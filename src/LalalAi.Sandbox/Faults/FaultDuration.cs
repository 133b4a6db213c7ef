using System.Globalization;

namespace LalalAi.Sandbox.Faults;

/// <summary>Durations with a unit: <c>500ms</c>, <c>2s</c>, <c>5m</c>, <c>1.5h</c>.</summary>
internal static class FaultDuration
{
    // The longest suffix first: "ms" ends in "s".
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <returns>The duration; null when the text is not a duration or is more than a year.</returns>
    public static TimeSpan? TryParse(string? text)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (text?.EndsWith(suffix, StringComparison.Ordinal) == true)
            {
                return double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                    && count >= 0 && count <= Longest / unit
                    ? count * unit
                    : null;
            }
        }

        return null;
    }
}
