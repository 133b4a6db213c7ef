using LalalAi.Cli.Failures;
using Newtonsoft.Json;

namespace LalalAi.Cli.Connection;

/// <summary>
/// The license keys that <c>lalalai login</c> stored, in a file that only the user can read. Each belongs to one service, so that the key
/// of the real service is never sent to another one.
/// </summary>
internal sealed class StoredKeys(ProgramContext context)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string FilePath { get; } = Path.Combine(UserFolder.Config(context), "license-keys.json");

    /// <summary>Returns the key of a service, or <see langword="null"/> if none is stored.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public string? Find(Uri service) => Read().GetValueOrDefault(service.AbsoluteUri);

    public void Store(Uri service, string key) => Write(new Dictionary<string, string>(Read()) { [service.AbsoluteUri] = key });

    /// <summary>Removes the key of a service.</summary>
    /// <returns>Whether one was stored.</returns>
    public bool Remove(Uri service)
    {
        var keys = Read();
        if (!keys.Remove(service.AbsoluteUri))
        {
            return false;
        }

        Write(keys);
        return true;
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(FilePath) ? JsonConvert.DeserializeObject<Dictionary<string, string>>(File.ReadAllText(FilePath)) ?? [] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // The message of a JSON parser can contain the key.
            var reason = exception is JsonException ? "it is not valid JSON" : exception.Message.TrimEnd('.');
            throw new UsageException(
                $"The file with the stored license keys, {FilePath}, cannot be read: {reason}. Remove it, and run `lalalai login` again.");
        }
    }

    private void Write(Dictionary<string, string> keys)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            var temporary = $"{FilePath}.{Environment.ProcessId}.tmp";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var writer = new StreamWriter(temporary, options))
            {
                writer.WriteLine(JsonConvert.SerializeObject(keys, Formatting.Indented));
            }

            File.Move(temporary, FilePath, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The license key cannot be stored in {FilePath}: {exception.Message}");
        }
    }
}
