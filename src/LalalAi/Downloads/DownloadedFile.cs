namespace LalalAi;

/// <summary>A track that is complete on disk.</summary>
/// <param name="Track">The track.</param>
/// <param name="Path">The file's full path.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record DownloadedFile(TaskTrack Track, string Path, long Size);
