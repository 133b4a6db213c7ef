using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Journal;

/// <summary>
/// A journal as text: lines of JSON with <c>type</c> first, names in snake case, and no nulls. A last line that a killed process left
/// unfinished is dropped; any other line that cannot be read is an error.
/// </summary>
internal static class JournalFormat
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

    /// <returns>What the complete lines of the file amount to, and their length in bytes.</returns>
    /// <exception cref="UsageException">A line before the last cannot be read; the file is unchanged.</exception>
    public static (JobIndex Index, long Length) Read(Stream file, string path)
    {
        var index = new JobIndex();
        var buffer = new byte[64 * 1024];
        var (length, number, filled) = (0L, 0, 0);
        while (file.Read(buffer, filled, buffer.Length - filled) is > 0 and var read)
        {
            filled += read;
            var rest = buffer.AsSpan(0, filled);
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Apply(index, rest[..end], ++number, path);
                rest = rest[(end + 1)..];
                length += end + 1;
            }

            filled = rest.Length;
            rest.CopyTo(buffer);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }

        return (index, length);
    }

    private static void Apply(JobIndex index, ReadOnlySpan<byte> line, int number, string path)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<JournalEntry>(line, Options) ?? throw new JsonException();
            foreach (var place in PlacesOf(entry))
            {
                JournalPath.Validate(place);
            }

            index.Apply(entry);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidDataException)
        {
            var reason = exception is InvalidDataException ? exception.Message : "it is not an entry that this version knows";
            throw new UsageException(
                $"Line {number} of {path} cannot be read: {reason}. The file was not changed. Fix or remove that line, "
                    + "or choose another output folder with -o. What the line says about a paid task is lost with it.");
        }
    }

    /// <summary>The paths and names of an entry that say where tracks go. Paths of recordings may be anywhere.</summary>
    private static IEnumerable<string> PlacesOf(JournalEntry entry) => entry switch
    {
        RunEntry { OutputTemplate: { } template } => [template],
        FileEntry file => [file.Name],
        JobEntry job => [job.Name, job.Tracks],
        TrackEntry track => [track.Path],
        _ => [],
    };
}
