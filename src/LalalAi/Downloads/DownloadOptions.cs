using LalalAi.Downloads.Naming;

namespace LalalAi;

/// <summary>File names of downloads, and what to do if a file exists.</summary>
public sealed record DownloadOptions
{
    /// <summary>The exact name of the file, without a folder, for one track. By default the service's name is used, made safe.</summary>
    public string? FileName { get; init; }

    /// <summary>
    /// The template of the name: literal text with <c>{name}</c> (the service's name without its extension), <c>{label}</c> (for example
    /// <c>no_vocals</c>), <c>{task}</c> (the ID of the task) and <c>{ext}</c> (the extension). A slash creates a folder. By default the
    /// service's name is used. Values are made safe: they cannot leave the folder.
    /// </summary>
    public string? NameTemplate { get; init; }

    /// <summary>What to do if a file with that name exists. <see cref="ExistingFileBehavior.Rename"/> by default.</summary>
    public ExistingFileBehavior ExistingFile { get; init; } = ExistingFileBehavior.Rename;

    /// <summary>The names that tracks of the same job use.</summary>
    internal PathReservations? Reservations { get; init; }
}

/// <summary>What a download does if a file with that name exists.</summary>
public enum ExistingFileBehavior
{
    /// <summary>The new file gets a number: <c>song (2).wav</c>.</summary>
    Rename = 0,

    /// <summary>The existing file is replaced when the new one is complete.</summary>
    Overwrite = 1,

    /// <summary>Nothing is downloaded if the existing file has the size of the track. Otherwise, it is replaced.</summary>
    Skip = 2,

    /// <summary>The download fails.</summary>
    Fail = 3,
}
