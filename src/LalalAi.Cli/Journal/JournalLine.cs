using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LalalAi.Cli.Journal;

/// <summary>Entries as lines of JSON: <c>type</c> first, names in snake case, no nulls.</summary>
internal static class JournalLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowOutOfOrderMetadataProperties = true,
        // Names of songs stay readable. No browser reads the file.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(JournalEntry entry) => [.. JsonSerializer.SerializeToUtf8Bytes(entry, Options), (byte)'\n'];

    /// <exception cref="JsonException">The line is not an entry.</exception>
    /// <exception cref="NotSupportedException">The line has no type.</exception>
    public static JournalEntry Read(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize<JournalEntry>(line, Options) ?? throw new JsonException();
}
