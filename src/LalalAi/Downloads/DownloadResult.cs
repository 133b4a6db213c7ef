namespace LalalAi;

/// <summary>The result of one of several downloads.</summary>
/// <param name="Track">The track.</param>
/// <param name="File">The complete file, or <see langword="null"/> if the download failed.</param>
/// <param name="Error">Why the download failed, or <see langword="null"/>.</param>
public sealed record DownloadResult(TaskTrack Track, DownloadedFile? File, Exception? Error);

/// <summary>A track that is complete on disk.</summary>
/// <param name="Track">The track.</param>
/// <param name="Path">The full path of the file.</param>
/// <param name="Size">The size of the file in bytes.</param>
public sealed record DownloadedFile(TaskTrack Track, string Path, long Size);
