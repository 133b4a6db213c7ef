using System.Text;

namespace LalalAi.Cli.Journal;

/// <summary>
/// The memory of an output folder: a file of JSON lines that only grows, locked while a run works on the folder. What it says survives a kill at any moment; what is said of
/// money survives a power cut too.
/// </summary>
internal sealed class JobJournal : IDisposable
{
    public const string FileName = "lalalai.journal.jsonl";

    // What the lock of another process is reported by: EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] LockedResults = [11, 35, unchecked((int)0x80070020)];

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly JobIndex _index;

    private JobJournal(string directory, FileStream file, JobIndex index)
    {
        Directory = directory;
        _file = file;
        _index = index;
    }

    /// <summary>The output folder, as a full path.</summary>
    public string Directory { get; }

    /// <summary>Opens the journal of a folder for writing, and makes both when they are missing.</summary>
    /// <exception cref="UsageException">The folder cannot be written to, another run works on it, or the journal cannot be read.</exception>
    public static JobJournal Open(string directory)
    {
        FileStream file;
        var path = Path.Combine(directory, FileName);
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (LockedResults.Contains(exception.HResult))
        {
            throw new UsageException($"Another lalalai is at work on {directory}. Wait until it has ended, or choose another output folder with -o.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException($"The output folder {directory} cannot be written to: {exception.Message} Choose another with -o.");
        }

        try
        {
            var (index, length) = JournalReader.Read(file, path);
            // What stands behind the last whole line was never acted upon.
            file.SetLength(length);
            file.Position = length;
            return new JobJournal(directory, file, index);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the journal of a folder without locking or changing anything; an empty one when there is none.</summary>
    public static JobIndex Peek(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return new JobIndex();
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return JournalReader.Read(file, path).Index;
        }
        catch (IOException exception) when (LockedResults.Contains(exception.HResult))
        {
            throw new UsageException($"Another lalalai is at work on {directory}. Wait until it has ended.");
        }
    }

    /// <summary>Asks what the journal knows.</summary>
    public T Query<T>(Func<JobIndex, T> question)
    {
        lock (_lock)
        {
            return question(_index);
        }
    }

    /// <summary>Notes what a service held that ended with an earlier process as gone, for this run.</summary>
    public void Forget(string service)
    {
        lock (_lock)
        {
            _index.Forget(service);
        }
    }

    /// <summary>Adds entries; they survive the end of the process.</summary>
    public void Append(params IEnumerable<JournalEntry> entries) => Append(entries, durable: false);

    /// <summary>Adds entries and brings them to the disk; they survive the end of the machine.</summary>
    public void AppendDurably(params IEnumerable<JournalEntry> entries) => Append(entries, durable: true);

    /// <summary>Adds a file that is new to the journal, with a folder that is its own.</summary>
    /// <param name="work">What is done to it.</param>
    /// <param name="sha256">Its content.</param>
    /// <param name="size">Its size.</param>
    /// <param name="input">Its path.</param>
    /// <param name="folder">The folder that its tracks should have, below the output folder.</param>
    public JobRecord Add(int work, string sha256, long size, string input, string folder)
    {
        lock (_lock)
        {
            var free = folder;
            for (var number = 2; _index.OwnsFolder(free) || Path.Exists(Path.Combine(Directory, free)); number++)
            {
                free = $"{folder} ({number})";
            }

            Append(new FileEntry(_index.Jobs.Count + 1, work, sha256, size, input, free));
            return _index.Jobs[^1];
        }
    }

    /// <summary>Closes the journal, and removes it when nothing was ever written to it.</summary>
    public void Dispose()
    {
        if (_file.Length == 0)
        {
            File.Delete(_file.Name);
        }

        _file.Dispose();
    }

    private void Append(IEnumerable<JournalEntry> entries, bool durable)
    {
        lock (_lock)
        {
            var all = entries.ToList();
            var bytes = Encoding.UTF8.GetBytes(string.Concat(all.Select(entry => JournalLine.Write(entry) + "\n")));
            var length = _file.Length;
            try
            {
                _file.Write(bytes);
                _file.Flush(flushToDisk: durable);
            }
            catch (IOException)
            {
                // A full disk took a part of a line; whatever is written next must not continue it.
                _file.SetLength(length);
                _file.Position = length;
                throw;
            }

            all.ForEach(_index.Apply);
        }
    }
}
