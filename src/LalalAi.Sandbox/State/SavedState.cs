using Newtonsoft.Json;

namespace LalalAi.Sandbox.State;

/// <summary>The file with the state that the next sandbox with the same folder restores.</summary>
internal static class SavedState
{
    private const long MaxBytes = 1L << 30;
    private const string WayOut = "Remove it to start from nothing, or choose another folder.";

    private static readonly JsonSerializerSettings Settings =
        new() { DateParseHandling = DateParseHandling.DateTimeOffset, Formatting = Formatting.Indented };

    /// <returns>Empty before the first save.</returns>
    /// <exception cref="IOException">The file is damaged.</exception>
    public static IReadOnlyList<SavedLicense> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new IOException($"'{path}' is larger than {MaxBytes} bytes, more than a sandbox writes. {WayOut}");
        }

        try
        {
            return JsonConvert.DeserializeObject<SavedLicense[]>(File.ReadAllText(path), Settings) ?? [];
        }
        catch (JsonException exception)
        {
            throw new IOException($"'{path}' does not contain the state of a sandbox. {WayOut} {exception.Message}", exception);
        }
    }

    /// <summary>Writes the file atomically.</summary>
    public static void Write(string path, IReadOnlyList<SavedLicense> licenses)
    {
        var unfinished = path + ".part";
        File.WriteAllText(unfinished, JsonConvert.SerializeObject(licenses, Settings));
        File.Move(unfinished, path, overwrite: true);
    }
}
