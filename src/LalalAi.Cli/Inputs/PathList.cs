using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Inputs;

/// <summary>Paths in a file or on standard input, one per line, or separated by zero bytes as <c>find -print0</c> writes them.</summary>
internal static class PathList
{
    /// <param name="file">The file, or <c>-</c> for standard input.</param>
    /// <param name="openInput">Opens standard input.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string file, Func<TextReader> openInput)
    {
        try
        {
            using var reader = file == "-" ? openInput() : new StreamReader(file);
            var text = ArgumentText.Read(reader, $"The file of --files-from, {file},");
            return text.Split(text.Contains('\0') ? ['\0'] : ['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file of --files-from, {file}, cannot be read: {exception.Message}");
        }
    }
}
