namespace LalalAi.Cli.Display;

/// <summary>What people see of a run while it goes on.</summary>
internal interface IRunDisplay : IAsyncDisposable
{
    /// <summary>How many files there are.</summary>
    int Total { set; }

    /// <summary>Begins to show a file.</summary>
    IFileDisplay Begin(string name);

    /// <summary>Says what became of a file, or of the run.</summary>
    void Note(Mark mark, string text);
}

/// <summary>One file that is being worked on. It is shown until it is disposed.</summary>
internal interface IFileDisplay : IDisposable
{
    void Enter(Phase phase);

    /// <summary>Shows how far the phase is.</summary>
    /// <param name="fraction">From 0 to 1, or <see langword="null"/> when it is not known.</param>
    /// <param name="transfer">The rate and the time left of an upload or a download.</param>
    void Report(double? fraction, TransferProgress? transfer = null);
}

/// <summary>What happens to a file, in order.</summary>
internal enum Phase
{
    Waiting,
    Reading,
    Uploading,
    Starting,
    Queued,
    Processing,
    Downloading,
}

/// <summary>How a note is to be taken.</summary>
internal enum Mark
{
    Done,
    Skipped,
    Failed,
    Information,
}
