namespace LalalAi.Downloads;

/// <summary>
/// An unfinished download: <c>NAME.part</c>, open and locked, and beside it <c>NAME.part.json</c>, which says what it is a part of. The record is there before the first
/// byte, so that a part without one was made by someone else and is left alone.
/// </summary>
internal sealed class PartFile : IDisposable
{
    public const string Suffix = ".part";
    public const string RecordSuffix = Suffix + RecordExtension;

    private const string RecordExtension = ".json";

    private readonly PartDisk _disk;
    private readonly FileStream _content;
    private WriteBack _writeBack;

    private PartFile(PartDisk disk, string path, FileStream content, PartRecord record)
    {
        _disk = disk;
        Path = path;
        _content = content;
        _writeBack = new WriteBack(content);
        Record = record;
        Length = content.Length;
        content.Position = Length;
    }

    public string Path { get; }

    public PartRecord Record { get; private set; }

    public long Length { get; private set; }

    private string RecordPath => RecordPathOf(Path);

    /// <summary>Makes a part, or returns <see langword="null"/> when something has its name.</summary>
    public static PartFile? TryCreate(PartDisk disk, string path, PartRecord record)
    {
        var recordPath = RecordPathOf(path);
        if (AtomicMove.Exists(path) || !TryCreateRecord(disk, recordPath, record, out var isNew))
        {
            return null;
        }

        try
        {
            return new PartFile(disk, path, Open(disk, path, FileMode.CreateNew), record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (isNew)
            {
                TryDelete(recordPath);
            }

            if (AtomicMove.Exists(path))
            {
                return null;
            }

            throw;
        }
    }

    /// <summary>Opens a part that was left behind, or returns <see langword="null"/> when there is none or somebody is at work on it.</summary>
    public static PartFile? TryOpen(PartDisk disk, string recordPath, TaskTrack track)
    {
        var path = recordPath.Substring(0, recordPath.Length - RecordExtension.Length);
        if (PartRecord.TryRead(recordPath) is not { } record || !record.Describes(track) || (new FileInfo(path).Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory)) != 0)
        {
            return null;
        }

        try
        {
            var content = Open(disk, path, FileMode.Open);
            // Whoever had it open until now may have finished it.
            if (!File.Exists(recordPath))
            {
                content.Dispose();
                return null;
            }

            return new PartFile(disk, path, content, record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes what is left of a part that got its final name just before its process was killed.</summary>
    /// <param name="path">The path that the part had.</param>
    /// <param name="track">The track.</param>
    public static void ForgetFinished(string path, TaskTrack track)
    {
        var recordPath = RecordPathOf(path);
        if (!AtomicMove.Exists(path) && (PartRecord.IsUnwritten(recordPath) || PartRecord.TryRead(recordPath)?.Describes(track) == true))
        {
            TryDelete(recordPath);
        }
    }

    public async Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        await _content.WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
        Length += count;
        _writeBack.Add(count);
    }

    /// <summary>Empties the part and makes it one of another record.</summary>
    public void Restart(PartRecord record)
    {
        _writeBack.Stop();
        _content.SetLength(0);
        _content.Position = Length = 0;
        _writeBack = new WriteBack(_content);
        Record = record;
        record.Replace(_disk, RecordPath);
    }

    /// <summary>Notes a length that only a later answer told.</summary>
    public void Complete(long total) => Record = Record with { Total = total };

    /// <summary>Brings every byte to the disk and closes the file.</summary>
    /// <returns>The length on disk.</returns>
    public long Close()
    {
        _writeBack.Complete();
        var length = _content.Length;
        _content.Dispose();
        return length;
    }

    /// <summary>Deletes the record, after the part has got its final name.</summary>
    public void Forget() => TryDelete(RecordPath);

    /// <summary>Closes and deletes the part.</summary>
    public void Delete()
    {
        Dispose();
        TryDelete(Path);
        TryDelete(RecordPath);
    }

    /// <summary>Closes the part, without what the disk refused to keep.</summary>
    public void Dispose()
    {
        if (_content.CanWrite && _writeBack.Stop() is { } safe)
        {
            Cut(safe);
        }

        _content.Dispose();
    }

    private void Cut(long length)
    {
        try
        {
            _content.SetLength(length);
            Length = length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be cut off is not told from the rest any more, so that nothing of it is of use.
            Length = 0;
        }
    }

    private static string RecordPathOf(string path) => path + RecordExtension;

    private static bool TryCreateRecord(PartDisk disk, string path, PartRecord record, out bool isNew)
    {
        isNew = !AtomicMove.Exists(path);
        if (!isNew && !PartRecord.IsUnwritten(path) && PartRecord.TryRead(path) is not { Task.Length: > 0 })
        {
            return false;
        }

        try
        {
            if (isNew)
            {
                record.Create(disk, path);
            }
            else
            {
                // Its part is gone, because somebody tidied up, or never was, because a process was killed.
                record.Replace(disk, path);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && AtomicMove.Exists(path))
        {
            return false;
        }
    }

    // Not shared, so that no other process goes on with it at the same time.
    private static FileStream Open(PartDisk disk, string path, FileMode mode) =>
        disk.Open(path, mode, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way: a record without a part is replaced, and a part without a record is left alone.
        }
    }
}
