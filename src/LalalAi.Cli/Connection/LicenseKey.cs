using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Connection;

/// <summary>
/// A license key and where it comes from: the file of <c>--license-key-file</c>, the environment, or <c>lalalai login</c>, in this order.
/// </summary>
internal sealed record LicenseKey(string Value, string Origin)
{
    private const int ShownCharacters = 4;

    /// <summary>The key without what makes it usable.</summary>
    public string Masked => Value.Length >= 4 * ShownCharacters ? $"…{Value[^ShownCharacters..]}" : "…";

    /// <summary>Returns the key that a command uses, or <see langword="null"/> if there is none.</summary>
    /// <exception cref="UsageException">A file cannot be read.</exception>
    public static LicenseKey? Find(ConnectionOptions connection)
    {
        var environment = LalalAiClientOptions.FromEnvironment();
        return connection switch
        {
            { Key: { } key } => new LicenseKey(key, "the prompt"),
            { KeyFile: { } file } => new LicenseKey(ReadFile(file), file),
            _ when environment.LicenseKey.Length > 0 => new LicenseKey(environment.LicenseKey, LalalAiClientOptions.LicenseKeyVariable),
            _ => StoredKeys.Find(environment.BaseAddress) is { } stored ? new LicenseKey(stored, StoredKeys.FilePath) : null,
        };
    }

    /// <summary>The key is a secret.</summary>
    public override string ToString() => Masked;

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } key
                ? key
                : throw new UsageException($"The license key file {path} is empty. Put the key into it, and nothing else.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The license key file {path} cannot be read: {exception.Message}");
        }
    }
}
