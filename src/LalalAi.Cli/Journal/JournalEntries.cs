using System.Text.Json.Serialization;

namespace LalalAi.Cli.Journal;

/// <summary>One line of the journal. docs/command-line.md describes each.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunEntry), "run")]
[JsonDerivedType(typeof(FileEntry), "file")]
[JsonDerivedType(typeof(JobEntry), "job")]
[JsonDerivedType(typeof(SourceEntry), "source")]
[JsonDerivedType(typeof(StartingEntry), "starting")]
[JsonDerivedType(typeof(StartedEntry), "started")]
[JsonDerivedType(typeof(RefusedEntry), "refused")]
[JsonDerivedType(typeof(LostEntry), "lost")]
[JsonDerivedType(typeof(EndedEntry), "ended")]
[JsonDerivedType(typeof(TrackEntry), "track")]
[JsonDerivedType(typeof(DoneEntry), "done")]
[JsonDerivedType(typeof(DeletedEntry), "deleted")]
internal abstract record JournalEntry;

/// <summary>An entry about what is paid for. It survives a power failure, too.</summary>
internal abstract record PaymentEntry : JournalEntry;

/// <summary>A run began. Runs with the same presets on the same service are one work.</summary>
internal sealed record RunEntry : JournalEntry
{
    public required int Work { get; init; }

    public required string Service { get; init; }

    public required TaskPresets Presets { get; init; }

    public IReadOnlyList<string> Inputs { get; init; } = [];

    public bool Recursive { get; init; }

    public bool Delete { get; init; }

    public double? MaxMinutes { get; init; }

    /// <summary>The layout of the output folder, or <see langword="null"/> for the default.</summary>
    public string? OutputTemplate { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// A run includes a file. Its recording is called <paramref name="Name"/> in the output folder. The hash is there once the file was read;
/// it holds while size and time stay the same. An agent's file has no time, because it may have been replaced since it was read.
/// </summary>
internal sealed record FileEntry(
    int Work,
    string Path,
    long Size,
    DateTimeOffset ModifiedAt,
    string Name,
    string? Sha256 = null) : JournalEntry
{
    public bool Matches(long size, DateTimeOffset modifiedAt) => Size == size && ModifiedAt == modifiedAt;
}

/// <summary>
/// A recording is to be processed. <paramref name="Tracks"/> is where its tracks go, for example <c>song/{stem}.{ext}</c>.
/// </summary>
internal sealed record JobEntry(int Job, int Work, string Sha256, string Input, string Name, string Tracks) : JournalEntry;

/// <summary>The service has the content.</summary>
internal sealed record SourceEntry(string Service, string Sha256, SourceFile Source) : JournalEntry;

/// <summary>A start is about to be sent. From here on it may be paid for.</summary>
internal sealed record StartingEntry(int Job, Guid Key, double? Minutes, SourceFile Source, DateTimeOffset At) : PaymentEntry;

/// <summary>The start was answered with a task.</summary>
internal sealed record StartedEntry(int Job, string TaskId, DateTimeOffset At) : PaymentEntry;

/// <summary>The start was rejected: nothing was paid, and its key is unused.</summary>
internal sealed record RefusedEntry(int Job) : PaymentEntry;

/// <summary>The key of the start is used: a task runs, and its ID is not known.</summary>
internal sealed record LostEntry(int Job) : PaymentEntry;

/// <summary>The task failed or was canceled. The code is that of the service.</summary>
internal sealed record EndedEntry(int Job, string Reason, string? Code = null) : JournalEntry;

/// <summary>A track is complete on disk, at a path below the output folder.</summary>
internal sealed record TrackEntry(
    int Job,
    int Index,
    string Label,
    string Path,
    long Size,
    string Sha256,
    DateTimeOffset ModifiedAt) : JournalEntry;

/// <summary>All tracks of the task are on disk.</summary>
internal sealed record DoneEntry(int Job) : JournalEntry;

/// <summary>The source is no longer on the service.</summary>
internal sealed record DeletedEntry(string SourceId) : JournalEntry;
