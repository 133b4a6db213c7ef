using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Journal;

/// <summary>
/// The journal of an output folder: a file of JSON lines that is only appended to. One run at a time writes it, others may read it
/// meanwhile. Every entry survives a kill at any moment; what concerns money survives a power failure, too.
/// </summary>
internal sealed class JobJournal : IDisposable
{
    public const string FileName = "lalalai.journal.jsonl";

    // A file of its own, so that `status` can read the journal during a run. It stays: deleting it could let two runs hold two different
    // locks.
    private const string LockName = FileName + ".lock";

    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private readonly FileStream _exclusive;
    private readonly FileStream _file;
    private readonly JobIndex _index;
    private long _flushed;

    private JobJournal(string directory, FileStream exclusive, FileStream file, JobIndex index)
    {
        Directory = directory;
        _exclusive = exclusive;
        _file = file;
        _index = index;
    }

    /// <summary>The output folder, as a full path.</summary>
    public string Directory { get; }

    /// <summary>Whether a folder has a journal.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Opens the journal of a folder for writing, and creates both if they do not exist.</summary>
    /// <exception cref="UsageException">The folder cannot be written to, another run uses it, or the journal cannot be read.</exception>
    public static JobJournal Open(string directory)
    {
        var path = Path.Combine(directory, FileName);
        FileStream? exclusive = null;
        FileStream? file = null;
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            exclusive = OpenFile(Path.Combine(directory, LockName), FileShare.None);
            file = OpenFile(path, FileShare.Read);
            var (index, length) = JournalFormat.Read(file, path);
            // What follows the last whole line was never acted upon.
            file.SetLength(length);
            file.Position = length;
            return new JobJournal(directory, exclusive, file, index);
        }
        catch (Exception exception)
        {
            file?.Dispose();
            exclusive?.Dispose();
            throw exception switch
            {
                _ when FileLock.IsHeld(exception) =>
                    new UsageException(
                        $"Another lalalai uses {directory}. Wait until it has finished, or choose another output folder with -o."),
                _ when File.Exists(directory) =>
                    new UsageException($"The output folder {directory} is a file. Choose a folder with -o."),
                IOException or UnauthorizedAccessException or NotSupportedException =>
                    new UsageException(
                        $"The output folder {directory} cannot be written to: {exception.Message} Choose another one with -o."),
                _ => exception,
            };
        }
    }

    /// <summary>
    /// Reads the journal of a folder without locking or changing anything, also during a run. Without a journal, the result is empty.
    /// </summary>
    /// <exception cref="UsageException">The journal cannot be read.</exception>
    public static JobIndex Peek(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!Exists(directory))
        {
            return new JobIndex();
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JournalFormat.Read(file, path).Index;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The journal {path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Asks what the journal contains.</summary>
    public T Query<T>(Func<JobIndex, T> question)
    {
        lock (_lock)
        {
            return question(_index);
        }
    }

    /// <summary>Forgets, for this run, what a service contained that ended with an earlier process.</summary>
    public void Forget(string service)
    {
        lock (_lock)
        {
            _index.Forget(service);
        }
    }

    /// <summary>Appends entries, and flushes them to the disk if one is about what is paid for.</summary>
    public void Append(params IEnumerable<JournalEntry> entries)
    {
        List<JournalEntry> written = [.. entries];
        var end = Write(written);
        if (!written.Any(entry => entry is PaymentEntry))
        {
            return;
        }

        // Entries that are appended during a flush share the next one.
        lock (_flushing)
        {
            if (_flushed < end)
            {
                long length;
                lock (_lock)
                {
                    length = _file.Length;
                }

                RandomAccess.FlushToDisk(_file.SafeFileHandle);
                _flushed = length;
            }
        }
    }

    /// <summary>Returns the job on a content, and adds it if there is none.</summary>
    public JobRecord GetOrAdd(int work, string sha256, Func<JobIndex, JobEntry> create)
    {
        lock (_lock)
        {
            if (_index.FindJob(work, sha256) is { } job)
            {
                return job;
            }

            Write([create(_index)]);
            return _index.Jobs[^1];
        }
    }

    /// <summary>Closes the journal, and removes it if nothing was ever written to it.</summary>
    public void Dispose()
    {
        var isEmpty = _file.Length == 0;
        _file.Dispose();
        if (isEmpty)
        {
            File.Delete(_file.Name);
        }

        _exclusive.Dispose();
    }

    // What a link points to may be anything, and would be written to.
    private static FileStream OpenFile(string path, FileShare share) => new FileInfo(path).LinkTarget is null
        ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0)
        : throw new UsageException($"{path} is a link. Remove it, or choose another output folder with -o.");

    private long Write(IReadOnlyList<JournalEntry> entries)
    {
        byte[] bytes = [.. entries.SelectMany(JournalFormat.Write)];
        lock (_lock)
        {
            var length = _file.Length;
            try
            {
                _file.Write(bytes);
            }
            catch (IOException)
            {
                // A full disk took a part of a line. What is written next must not continue it.
                _file.SetLength(length);
                _file.Position = length;
                throw;
            }

            foreach (var entry in entries)
            {
                _index.Apply(entry);
            }

            return length + bytes.Length;
        }
    }
}
