using LalalAi.Sandbox.Audio;

namespace LalalAi.Sandbox.State;

/// <summary>An uploaded file. It is modified only under the lock of its license.</summary>
internal sealed class Source(Guid id, string name, string path, long size, Media media, DateTimeOffset expires)
{
    public Guid Id { get; } = id;

    /// <summary>The file name that the client sent, without a path.</summary>
    public string Name { get; } = name;

    /// <summary>The path of the stored file.</summary>
    public string Path { get; } = path;

    public long Size { get; } = size;

    /// <summary>The decoded properties of the file.</summary>
    public Media Media { get; } = media;

    /// <summary>The SHA-256 of the content.</summary>
    public required string Content { get; init; }

    /// <summary>The fault plan in the file name.</summary>
    public FaultPlan? Faults { get; init; }

    public DateTimeOffset Expires { get; } = expires;

    public DateTimeOffset? Deleted { get; set; }

    /// <summary>
    /// The time after which the bytes are no longer needed. Until then, a download can create tracks from them.
    /// </summary>
    public DateTimeOffset FilesNeededUntil { get; set; } = expires;

    public bool IsAvailable(DateTimeOffset now) => Deleted is null && now < Expires;

    public void KeepFilesUntil(DateTimeOffset time) => FilesNeededUntil = time > FilesNeededUntil ? time : FilesNeededUntil;

    public void Delete(DateTimeOffset now, TimeSpan linkGrace)
    {
        Deleted = now;
        FilesNeededUntil = now + linkGrace;
    }
}
