using Microsoft.Extensions.FileSystemGlobbing;

namespace LalalAi.Cli.Inputs;

/// <summary>
/// Selects files of folders and globs by their names: files that match an include pattern, if there are any, and no exclude
/// pattern.
/// </summary>
internal sealed class InputFilter(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    private readonly Matcher? _include = include.Count > 0 ? Create(include) : null;
    private readonly Matcher? _exclude = exclude.Count > 0 ? Create(exclude) : null;

    public static InputFilter All { get; } = new([], []);

    public bool IsWanted(string path)
    {
        var name = Path.GetFileName(path);
        return _include?.Match(name).HasMatches != false && _exclude?.Match(name).HasMatches != true;
    }

    private static Matcher Create(IReadOnlyList<string> patterns)
    {
        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(patterns);
        return matcher;
    }
}
