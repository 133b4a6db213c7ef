using Microsoft.Extensions.FileSystemGlobbing;

namespace LalalAi.Cli.Inputs;

/// <summary>The files that the arguments stand for. They are looked up as they are needed and never held together.</summary>
internal sealed class InputSet
{
    private static readonly EnumerationOptions Visible = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private readonly IReadOnlyList<string> _arguments;
    private readonly bool _recursive;
    private readonly string _output;
    private readonly Func<string, bool> _ownsFolder;

    /// <param name="arguments">Files, folders and globs, as full paths.</param>
    /// <param name="recursive">Whether folders are searched to the bottom.</param>
    /// <param name="output">The output folder. The tracks of earlier runs in it are no inputs.</param>
    /// <param name="ownsFolder">Whether a folder below the output folder holds tracks.</param>
    public InputSet(IReadOnlyList<string> arguments, bool recursive, string output, Func<string, bool> ownsFolder)
    {
        _arguments = arguments;
        _recursive = recursive;
        _output = output;
        _ownsFolder = ownsFolder;
    }

    /// <summary>Finds the files, one after another.</summary>
    public IEnumerable<InputFile> Enumerate() => _arguments.SelectMany(Enumerate);

    /// <summary>Counts the files, and takes those that it meets from a set.</summary>
    /// <exception cref="UsageException">An argument stands for nothing.</exception>
    public int Count(HashSet<string> others) => _arguments.Sum(argument =>
    {
        var count = Enumerate(argument).Count(file =>
        {
            others.Remove(file.Path);
            return true;
        });
        return count > 0 ? count : throw new UsageException(DescribeNothing(argument));
    });

    /// <summary>Returns the arguments that exist, or that could match something.</summary>
    public static IReadOnlyList<string> Existing(IReadOnlyList<string> arguments) => [.. arguments.Where(argument => IsGlob(argument) || Path.Exists(argument))];

    private static bool IsGlob(string argument) => argument.Contains('*');

    private IEnumerable<InputFile> Enumerate(string argument)
    {
        if (File.Exists(argument))
        {
            return [new InputFile(argument, string.Empty)];
        }

        if (Directory.Exists(argument))
        {
            return Search(argument, argument, _recursive, _ => true);
        }

        if (!IsGlob(argument))
        {
            return [];
        }

        var (root, pattern) = SplitGlob(argument);
        var matcher = new Matcher().AddInclude(pattern);
        return Directory.Exists(root) ? Search(root, root, pattern.Contains('/'), path => matcher.Match(Path.GetRelativePath(root, path)).HasMatches) : [];
    }

    /// <summary>Goes through a folder in the order of names, which takes no more memory than the names of one folder.</summary>
    private IEnumerable<InputFile> Search(string root, string folder, bool recursive, Func<string, bool> isWanted)
    {
        if (IsTrackFolder(folder) || (folder == _output && folder != root))
        {
            yield break;
        }

        var relative = folder == root ? string.Empty : Path.GetRelativePath(root, folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*", Visible).Where(file => MediaFiles.IsMedia(file) && isWanted(file)).Order(StringComparer.OrdinalIgnoreCase))
        {
            yield return new InputFile(file, relative);
        }

        if (!recursive)
        {
            yield break;
        }

        // A link to a folder could lead in circles.
        var inner = new DirectoryInfo(folder).EnumerateDirectories("*", Visible).Where(inner => inner.LinkTarget is null).Select(inner => inner.FullName).Order(StringComparer.OrdinalIgnoreCase);
        foreach (var file in inner.SelectMany(path => Search(root, path, recursive, isWanted)))
        {
            yield return file;
        }
    }

    private bool IsTrackFolder(string folder) => _ownsFolder(Path.GetRelativePath(_output, folder));

    /// <summary>Splits a glob before its first segment that has a wildcard.</summary>
    private static (string Root, string Pattern) SplitGlob(string glob)
    {
        var segments = glob.Replace(Path.DirectorySeparatorChar, '/').Split('/');
        var first = Array.FindIndex(segments, IsGlob);
        var root = string.Join('/', segments[..first]);
        return (root.Length == 0 ? "/" : root, string.Join('/', segments[first..]));
    }

    private string DescribeNothing(string argument)
    {
        if (Directory.Exists(argument))
        {
            return $"There is no recording in the folder {argument}{(_recursive ? " or below it" : "; --recursive looks below it too")}. Files with these extensions are taken: {MediaFiles.List}. Others can be named one by one.";
        }

        return IsGlob(argument)
            ? $"No recording matches {argument}. In a glob, * stands for a part of a name and ** for any folders; quote it, so that the shell leaves it alone."
            : $"There is no file or folder '{argument}'. Check the path.";
    }
}
