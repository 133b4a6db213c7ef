namespace FolderWorker;

/// <summary>Where the songs are, and how many of them are worked on at the same time.</summary>
internal sealed class SongOptions
{
    public string Folder { get; set; } = "songs";

    public int Parallel { get; set; } = 4;
}
