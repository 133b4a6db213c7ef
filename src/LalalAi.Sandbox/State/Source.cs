using LalalAi.Sandbox.Audio;

namespace LalalAi.Sandbox.State;

/// <summary>An uploaded file. Changed only under the lock of the license that owns it.</summary>
internal sealed class Source(Guid id, string name, string path, long size, Media media, DateTimeOffset expires)
{
    public Guid Id { get; } = id;

    /// <summary>The bare file name that the client sent.</summary>
    public string Name { get; } = name;

    /// <summary>Where the bytes are.</summary>
    public string Path { get; } = path;

    public long Size { get; } = size;

    /// <summary>What is in the file.</summary>
    public Media Media { get; } = media;

    /// <summary>The SHA-256 of the content.</summary>
    public required string Content { get; init; }

    /// <summary>The plan in the file's name.</summary>
    public FaultPlan? Faults { get; init; }

    public DateTimeOffset Expires { get; } = expires;

    public DateTimeOffset? Deleted { get; set; }

    /// <summary>
    /// The time after which nothing can ask for the bytes any more. Tracks are computed from them as late as on a download.
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
