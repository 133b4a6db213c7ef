using LalalAi.Sandbox;

namespace Samples.Tests;

/// <summary>A temporary folder with songs in it.</summary>
internal sealed class SongFolder : IDisposable
{
    private int _songs;

    public string Path { get; } = Directory.CreateTempSubdirectory("songs").FullName;

    /// <summary>Moves a new song into the folder, and returns its path. No two songs are equal.</summary>
    public string AddSong(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var unfinished = System.IO.Path.Combine(Path, System.IO.Path.GetRandomFileName());
        File.WriteAllBytes(unfinished, SandboxSong.Create(TimeSpan.FromSeconds(1), seed: _songs++));
        File.Move(unfinished, path);
        return path;
    }

    public IReadOnlyList<string> Files(string pattern, string below = "") =>
        Directory.GetFiles(System.IO.Path.Combine(Path, below), pattern, SearchOption.AllDirectories);

    /// <summary>The number of folders in a folder that may not exist yet.</summary>
    public int Count(string below) =>
        Directory.Exists(System.IO.Path.Combine(Path, below)) ? Directory.GetDirectories(System.IO.Path.Combine(Path, below)).Length : 0;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
