using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Inputs;

/// <summary>Paths in a file or on standard input, one per line, or separated by zero bytes as <c>find -print0</c> writes them.</summary>
internal static class PathList
{
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string file)
    {
        try
        {
            using var reader = file == "-" ? Console.In : new StreamReader(file);
            var text = ArgumentText.Read(reader, $"The file of --files-from, {file},");
            return text.Split(text.Contains('\0') ? ['\0'] : ['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file of --files-from, {file}, cannot be read: {exception.Message}");
        }
    }
}
