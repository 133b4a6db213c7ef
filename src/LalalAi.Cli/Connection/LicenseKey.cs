using System.Text;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Connection;

/// <summary>
/// A license key and its origin: the file of <c>--license-key-file</c>, the environment, or <c>lalalai login</c>, in this order.
/// </summary>
internal sealed record LicenseKey(string Value, string Origin)
{
    private const int ShownCharacters = 4;
    private const int MaximumCharacters = 4096;

    /// <summary>The masked key.</summary>
    public string Masked => Value.Length >= 4 * ShownCharacters ? $"…{Value[^ShownCharacters..]}" : "…";

    /// <summary>Returns the key that a command uses, or <see langword="null"/> if there is none.</summary>
    /// <exception cref="UsageException">A file cannot be read.</exception>
    public static LicenseKey? Find(ConnectionOptions connection)
    {
        var environment = connection.Context.CreateClientOptions();
        var keys = new StoredKeys(connection.Context);
        return connection switch
        {
            { Key: { } key } => new LicenseKey(key, "the prompt"),
            { KeyFile: { } file } => new LicenseKey(ReadFile(file), file),
            _ when environment.LicenseKey.Length > 0 => new LicenseKey(environment.LicenseKey, LalalAiClientOptions.LicenseKeyVariable),
            _ => keys.Find(environment.BaseAddress) is { } stored ? new LicenseKey(stored, keys.FilePath) : null,
        };
    }

    /// <summary>Omits the key, which is a secret.</summary>
    public override string ToString() => Masked;

    /// <summary>Reads a key, without a byte order mark and the spaces around it. It is empty if there is none.</summary>
    /// <param name="reader">The text that contains the key.</param>
    /// <param name="origin">The origin of the text, for messages.</param>
    /// <param name="isLine">Whether the key ends at a line break.</param>
    /// <exception cref="UsageException">The text is too long for a key, or endless.</exception>
    public static string Read(TextReader reader, string origin, bool isLine)
    {
        var text = new StringBuilder();
        while (reader.Read() is >= 0 and var next && !(isLine && next == '\n'))
        {
            if (text.Length == MaximumCharacters)
            {
                throw new UsageException(
                    $"{origin} contains more than {MaximumCharacters} characters, which no license key has. "
                        + "Pass a file with the key, and nothing else.");
            }

            text.Append((char)next);
        }

        return text.ToString().Trim('\uFEFF').Trim();
    }

    private static string ReadFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader, $"The license key file {path}", isLine: false) is { Length: > 0 } key
                ? key
                : throw new UsageException($"The license key file {path} is empty. Put the key into it, and nothing else.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The license key file {path} cannot be read: {exception.Message}");
        }
    }
}
