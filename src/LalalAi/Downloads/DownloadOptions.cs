namespace LalalAi;

/// <summary>How tracks are named on disk, and what happens when a name is taken.</summary>
public sealed record DownloadOptions
{
    /// <summary>The exact name of the file, for one track. By default the service names it.</summary>
    public string? FileName { get; init; }

    /// <summary>
    /// The name of a file, made of literal text and <c>{name}</c> (the name that the service gives the track, without extension), <c>{label}</c> (for example <c>no_vocals</c>), <c>{task}</c> (the
    /// task's id) and <c>{ext}</c> (the extension). A slash makes folders below the given one. By default the service's own name. Whatever comes in is made safe: it cannot leave the folder.
    /// </summary>
    public string? NameTemplate { get; init; }

    /// <summary>What happens when there is a file of that name. By default a number is added to the new one.</summary>
    public ExistingFileBehavior ExistingFile { get; init; } = ExistingFileBehavior.Rename;
}

/// <summary>What a download does when a file of its name exists.</summary>
public enum ExistingFileBehavior
{
    /// <summary>The new file gets a number: <c>song (2).wav</c>.</summary>
    Rename = 0,

    /// <summary>The old file is replaced once the new one is complete.</summary>
    Overwrite = 1,

    /// <summary>Nothing is downloaded when the old file has the track's length; otherwise it is replaced.</summary>
    Skip = 2,

    /// <summary>The download fails.</summary>
    Fail = 3,
}
