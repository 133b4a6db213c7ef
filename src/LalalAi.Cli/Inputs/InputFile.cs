namespace LalalAi.Cli.Inputs;

/// <summary>A file to work on.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Folder">The folder that it lies in, relative to what was named on the command line; empty at the top. The tracks mirror it.</param>
internal sealed record InputFile(string Path, string Folder)
{
    /// <summary>The file's name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Where its tracks should go, below the output folder.</summary>
    public string TrackFolder => System.IO.Path.Combine(Folder, System.IO.Path.GetFileNameWithoutExtension(Path) is { Length: > 0 } stem ? stem : Name);
}
