namespace LalalAi.Models;

/// <summary>The form of the service's IDs.</summary>
internal static class Uuid
{
    public static bool IsWellFormed(string? value) => Guid.TryParseExact(value, "D", out _);

    /// <summary>Returns a UUID in lower case, as the service writes it, and anything else unchanged.</summary>
    public static string Normalize(string value) => Guid.TryParseExact(value, "D", out var uuid) ? uuid.ToString("D") : value;

    /// <summary>Says that a text is not a valid ID, and what one looks like.</summary>
    public static string NotValid(string? text, string kind) =>
        $"'{text}' is not a valid {kind} ID. "
            + $"{char.ToUpperInvariant(kind[0])}{kind.Substring(1)} IDs are UUIDs, such as 5f0c1d1e-2b3a-4c5d-8e6f-7a8b9c0d1e2f.";
}
