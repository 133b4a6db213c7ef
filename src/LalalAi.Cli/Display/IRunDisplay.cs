namespace LalalAi.Cli.Display;

/// <summary>The display of a run in progress.</summary>
internal interface IRunDisplay : IAsyncDisposable
{
    /// <summary>Adds files to the total.</summary>
    /// <param name="files">The number of files.</param>
    /// <param name="bytes">The total of their known sizes.</param>
    void Expect(int files, long bytes);

    /// <summary>Begins to show a file.</summary>
    IFileDisplay Begin(string path, long size);

    /// <summary>Shows the result of a file, or a message about the run.</summary>
    void Note(Mark mark, string text);

    /// <summary>Shows the reason why checks pause.</summary>
    void Pause(string reason, TimeSpan delay);

    /// <summary>Shows that checks continue.</summary>
    void Resume();
}

/// <summary>One file in progress. It is shown until it is disposed.</summary>
internal interface IFileDisplay : IDisposable
{
    /// <summary>The price of the file's task in minutes, once it is known.</summary>
    double? Minutes { set; }

    void Enter(Phase phase);

    /// <summary>Shows the progress of the phase.</summary>
    /// <param name="fraction">From 0 to 1, or <see langword="null"/> if it is not known.</param>
    /// <param name="transfer">The rate and the time left of an upload or a download.</param>
    void Report(double? fraction, TransferProgress? transfer = null);
}

/// <summary>The phases of a file, in order.</summary>
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

/// <summary>The kind of a note.</summary>
internal enum Mark
{
    Done,
    Skipped,
    Failed,
    Information,
}
