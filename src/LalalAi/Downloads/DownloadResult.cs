namespace LalalAi;

/// <summary>What became of one track of many: the file, or the error.</summary>
/// <param name="Track">The track.</param>
/// <param name="File">The complete file, or <see langword="null"/> when the download failed.</param>
/// <param name="Error">Why it failed, or <see langword="null"/> when it did not.</param>
public sealed record DownloadResult(TaskTrack Track, DownloadedFile? File, Exception? Error);
