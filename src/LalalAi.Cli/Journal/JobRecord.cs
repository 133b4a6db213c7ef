namespace LalalAi.Cli.Journal;

/// <summary>What the journal knows of one file and what is to be done with it.</summary>
internal sealed class JobRecord(FileEntry file)
{
    private static readonly IReadOnlyDictionary<string, TrackEntry> None = new Dictionary<string, TrackEntry>();

    private Dictionary<string, TrackEntry>? _tracks;

    public int Number { get; } = file.Job;

    public int Work { get; } = file.Work;

    public string Sha256 { get; } = file.Sha256;

    /// <summary>The file, as it was first seen.</summary>
    public string Input { get; } = file.Input;

    /// <summary>The folder for the tracks, below the output folder. No other job has it.</summary>
    public string Folder { get; } = file.Folder;

    /// <summary>The last start that was sent, unless it was refused.</summary>
    public StartingEntry? Start { get; private set; }

    /// <summary>The task that the start was answered with.</summary>
    public StartedEntry? Started { get; private set; }

    /// <summary>Whether a task runs whose id nobody knows.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Why the task did not succeed, when it is known that it did not.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The labels of the tracks that the task made, when it is known that it succeeded.</summary>
    public IReadOnlyList<string>? Labels { get; private set; }

    public IReadOnlyDictionary<string, TrackEntry> Tracks => _tracks ?? None;

    /// <summary>Whether a start was sent and not answered.</summary>
    public bool IsStartOpen => Start is not null && Started is null && !IsLost;

    /// <summary>Whether every track was brought to the disk, whatever happened to it there since.</summary>
    public bool IsComplete => Labels?.All(Tracks.ContainsKey) == true;

    /// <summary>Whether something was or may have been paid for that is still to be had.</summary>
    public bool IsUnderWay => !IsComplete && EndReason is null && (IsStartOpen || Started is not null);

    public void Apply(StartingEntry entry)
    {
        Start = entry;
        Started = null;
        IsLost = false;
        EndReason = null;
    }

    public void Apply(StartedEntry entry) => Started = entry;

    public void Apply(SucceededEntry entry) => Labels = entry.Labels;

    public void Apply(TrackEntry entry) => (_tracks ??= new(StringComparer.Ordinal))[entry.Label] = entry;

    public void Apply(EndedEntry entry) => EndReason = entry.Reason;

    public void Lose() => IsLost = true;

    /// <summary>Drops the start: it was refused, or the service that it was sent to is gone.</summary>
    public void DropStart()
    {
        Start = null;
        Started = null;
        IsLost = false;
        EndReason = null;
    }

    /// <summary>Lets go of how the job came to its end, which this run needs no more. The journal on disk keeps it.</summary>
    public void Settle()
    {
        DropStart();
        Labels = [];
        _tracks = null;
    }
}
