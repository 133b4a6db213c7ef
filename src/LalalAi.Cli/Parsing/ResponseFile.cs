using System.Diagnostics.CodeAnalysis;

namespace LalalAi.Cli.Parsing;

/// <summary>
/// Replaces <c>@FILE</c> by the lines of the file, one argument each. A recording whose name begins with @ stays what it is.
/// </summary>
internal static class ResponseFile
{
    public static bool TryRead(
        string path,
        [NotNullWhen(true)] out IReadOnlyList<string>? arguments,
        [NotNullWhen(false)] out string? error)
    {
        if (Path.Exists($"@{path}"))
        {
            (arguments, error) = ([$"@{path}"], null);
            return true;
        }

        try
        {
            arguments = [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#')];
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            (arguments, error) = (null, $"The response file '{path}' cannot be read: {exception.Message}");
            return false;
        }
    }
}
