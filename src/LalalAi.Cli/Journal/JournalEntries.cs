using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Journal;

/// <summary>One line of the journal: something that was decided, about to be done, or done. docs/command-line.md describes each.</summary>
internal abstract record JournalEntry;

/// <summary>A run began. Runs that do the same to files are one work.</summary>
internal sealed record RunEntry : JournalEntry
{
    public required int Work { get; init; }

    public required string Service { get; init; }

    public required string Kind { get; init; }

    public required JObject Presets { get; init; }

    public IReadOnlyList<string> Inputs { get; init; } = [];

    public bool Recursive { get; init; }

    public bool Delete { get; init; }

    public double? MaxMinutes { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A file was read, and its tracks got a folder of their own.</summary>
internal sealed record FileEntry(int Job, int Work, string Sha256, long Size, string Input, string Folder) : JournalEntry;

/// <summary>The service holds the content.</summary>
internal sealed record SourceEntry(string Service, string Sha256, string SourceId, double Minutes, DateTimeOffset ExpiresAt) : JournalEntry;

/// <summary>A start is about to be sent. From here on it may have been paid for.</summary>
internal sealed record StartingEntry(int Job, Guid Key, string SourceId, double Minutes, DateTimeOffset At) : JournalEntry;

/// <summary>The start was answered with a task.</summary>
internal sealed record StartedEntry(int Job, string TaskId, DateTimeOffset At) : JournalEntry;

/// <summary>The start was refused: nothing was paid, and its key is free.</summary>
internal sealed record RefusedEntry(int Job, string Reason) : JournalEntry;

/// <summary>The key of the start is in use: a task runs whose id nobody knows.</summary>
internal sealed record LostEntry(int Job) : JournalEntry;

/// <summary>The task succeeded, with tracks of these labels.</summary>
internal sealed record SucceededEntry(int Job, IReadOnlyList<string> Labels) : JournalEntry;

/// <summary>The task ended otherwise.</summary>
internal sealed record EndedEntry(int Job, string Reason) : JournalEntry;

/// <summary>A track is complete on disk, at a path below the output folder.</summary>
internal sealed record TrackEntry(int Job, string Label, string Path, long Size, string Sha256, DateTimeOffset ModifiedAt) : JournalEntry;

/// <summary>The source was deleted from the service.</summary>
internal sealed record DeletedEntry(string SourceId) : JournalEntry;
