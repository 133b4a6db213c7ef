using LalalAi.Sandbox;

namespace Examples.Tests;

/// <summary>A temporary folder with songs in it.</summary>
internal sealed class SongFolder : IDisposable
{
    private static readonly byte[] Song = SandboxSong.Create(TimeSpan.FromSeconds(1));

    public string Path { get; } = Directory.CreateTempSubdirectory("songs").FullName;

    /// <summary>Puts a song into the folder at once, and returns its path.</summary>
    public string AddSong(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var unfinished = System.IO.Path.Combine(Path, System.IO.Path.GetRandomFileName());
        File.WriteAllBytes(unfinished, Song);
        File.Move(unfinished, path);
        return path;
    }

    public IReadOnlyList<string> Files(string pattern, string below = "") => Directory.GetFiles(System.IO.Path.Combine(Path, below), pattern, SearchOption.AllDirectories);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
