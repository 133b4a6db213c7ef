namespace LalalAi.Cli.Journal;

/// <summary>What the journal contains about one recording and one set of presets. Not thread-safe; the journal guards it.</summary>
internal sealed class JobRecord(JobEntry job)
{
    private TrackEntry[] _tracks = [];
    private double? _spentBefore;

    public int Number { get; } = job.Job;

    public int Work { get; } = job.Work;

    public string Sha256 { get; } = job.Sha256;

    /// <summary>The file, as it was first seen.</summary>
    public string Input { get; } = job.Input;

    /// <summary>Where the tracks go, below the output folder.</summary>
    public string Tracks { get; } = job.Tracks;

    /// <summary>The last start that was sent, unless it was rejected.</summary>
    public StartingEntry? Start { get; private set; }

    /// <summary>The ID of the task, if it is known.</summary>
    public string? TaskId { get; private set; }

    /// <summary>Whether a task runs whose ID is not known.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Why the task did not succeed, if it is known that it did not.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The error code of the service, or <see langword="null"/>.</summary>
    public string? EndCode { get; private set; }

    /// <summary>Whether all tracks were downloaded, even if they were moved or deleted later.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The tracks that were downloaded, in the service's order.</summary>
    public IReadOnlyList<TrackEntry> Files => _tracks;

    /// <summary>Whether an earlier task of the job left tracks, which the new ones replace.</summary>
    public bool HasOldTracks { get; private set; }

    /// <summary>
    /// The minutes of all starts that were or may have been carried out, or <see langword="null"/> if a price is not known.
    /// </summary>
    public double? Spent { get; private set; } = 0;

    /// <summary>Whether a start was sent and its response is not known.</summary>
    public bool IsStartOpen => Start is not null && TaskId is null && !IsLost && EndReason is null;

    /// <summary>Whether something was or may have been paid for that can still be fetched.</summary>
    public bool IsInProgress => !IsDone && !IsLost && EndReason is null && Start is not null;

    /// <summary>Whether what was paid for can no longer be fetched.</summary>
    public bool IsGone => !IsDone && (IsLost || EndReason is not null);

    public void Apply(StartingEntry entry)
    {
        Reset();
        Start = entry;
        _spentBefore = Spent;
        Spent += entry.Minutes;
        HasOldTracks |= _tracks.Length > 0;
        _tracks = [];
        IsDone = false;
    }

    /// <summary>The start was rejected and cost nothing.</summary>
    public void Refuse()
    {
        Spent = Start is null ? Spent : _spentBefore;
        Reset();
    }

    public void Apply(StartedEntry entry) => TaskId = entry.TaskId;

    public void Apply(EndedEntry entry) => (EndReason, EndCode) = (entry.Reason, entry.Code);

    public void Apply(TrackEntry entry) =>
        _tracks = [.. _tracks.Where(track => track.Index != entry.Index).Append(entry).OrderBy(track => track.Index)];

    public void Finish() => IsDone = true;

    public void Lose() => IsLost = true;

    /// <summary>Forgets the start. Tracks on disk stay known.</summary>
    public void Reset()
    {
        Start = null;
        TaskId = null;
        IsLost = false;
        (EndReason, EndCode) = (null, null);
    }
}
