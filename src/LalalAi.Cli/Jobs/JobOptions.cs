namespace LalalAi.Cli.Jobs;

/// <summary>How a run processes its files.</summary>
internal sealed record JobOptions
{
    public int Uploads { get; init; } = 3;

    public int Downloads { get; init; } = 4;

    /// <summary>How many files are in progress at once. One check asks for 200 tasks.</summary>
    public int InFlight { get; init; } = 200;

    /// <summary>The minutes that may be spent on the output folder, earlier runs included.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>Whether a source is deleted from the service once all of its tracks are on disk.</summary>
    public bool Delete { get; init; }

    /// <summary>Whether what was paid for and can no longer be fetched is started, and paid for, again.</summary>
    public bool RestartLost { get; init; }

    /// <summary>Whether the run's own tasks are canceled when it is interrupted.</summary>
    public bool CancelOnInterrupt { get; init; }

    /// <summary>Whether every file is read again, although its size and time are those in the journal.</summary>
    public bool Checksum { get; init; }

    /// <summary>What runs after each recording.</summary>
    public FinishedProgram? Exec { get; init; }
}
