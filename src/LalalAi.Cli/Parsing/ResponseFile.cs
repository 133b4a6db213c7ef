using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Parsing;

/// <summary>
/// Replaces <c>@FILE</c> by the lines of the file, one argument each. A recording whose name begins with @ stays what it is, and so does
/// everything after <c>--</c>.
/// </summary>
internal static class ResponseFile
{
    /// <exception cref="UsageException">A file cannot be read, or it includes itself.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> arguments)
    {
        var expanded = new List<string>();
        Expand(arguments, null, [], expanded);
        return expanded;
    }

    /// <param name="arguments">The lines of a file, or the command line.</param>
    /// <param name="file">The file, as it was written, or <see langword="null"/> for the command line.</param>
    /// <param name="open">The full paths of the file and of those that include it.</param>
    /// <param name="expanded">The result so far.</param>
    private static void Expand(IEnumerable<string> arguments, string? file, HashSet<string> open, List<string> expanded)
    {
        foreach (var argument in arguments)
        {
            if (argument.Length < 2 || argument[0] != '@' || expanded.Contains("--") || Path.Exists(argument))
            {
                expanded.Add(argument);
                continue;
            }

            var (path, full) = (argument[1..], Path.GetFullPath(argument[1..]));
            if (!open.Add(full))
            {
                throw new UsageException($"The response file '{path}' includes itself. Remove the line '{argument}' from '{file}'.");
            }

            Expand(Read(path), path, open, expanded);
            open.Remove(full);
        }
    }

    private static List<string> Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var lines = ArgumentText.Read(reader, $"The response file '{path}'").Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
            return [.. lines.Where(line => line[0] != '#')];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The response file '{path}' cannot be read: {exception.Message}");
        }
    }
}
