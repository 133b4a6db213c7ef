using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using LalalAi.Downloads.Naming;

namespace LalalAi.Downloads;

/// <summary>
/// An incomplete download: <c>NAME.part</c> beside its final path, and its record. Both are locked until the part has its final name: other
/// processes can neither open the part before, nor find it afterwards. What is written is flushed to the disk in the background, and the
/// record says how much of it is safe.
/// </summary>
internal sealed class PartFile : IDisposable
{
    public const string Suffix = ".part";

    // More downloads of one track into one folder, at the same time, are not resumed.
    private const int SearchedRecords = 4;

    private const int FlushBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _timeProvider;
    private readonly FileStream _recordFile;
    private readonly FileStream _content;
    private long? _total;
    private long _unflushed;
    private long _lastFlush;
    private Task _flush = Task.CompletedTask;
    private volatile ExceptionDispatchInfo? _failure;
    private bool _isClosed;

    private PartFile(TimeProvider timeProvider, FileStream recordFile, PartRecord record, FileStream content)
    {
        _timeProvider = timeProvider;
        _lastFlush = timeProvider.GetTimestamp();
        _recordFile = recordFile;
        _content = content;
        Record = record;
        Length = content.Length;
        _total = record.Total;
    }

    public string Path => _content.Name;

    public PartRecord Record { get; private set; }

    public long Length { get; private set; }

    /// <summary>Opens what an earlier download of the track left.</summary>
    /// <returns>The part, or <see langword="null"/> if there is none, or it is in use.</returns>
    public static PartFile? TryOpen(string root, TaskTrack track, TimeProvider timeProvider)
    {
        for (var number = 1; number <= SearchedRecords; number++)
        {
            var recordPath = PartRecord.PathOf(root, track, number);
            if (TryLock(recordPath, FileOptions.None) is not { } recordFile)
            {
                continue;
            }

            try
            {
                var isNew = recordFile.Length == 0;
                var record = PartRecord.Read(recordFile);
                if (record?.Describes(track) == true && TryOpenContent(root, record) is { } content)
                {
                    return new PartFile(timeProvider, recordFile, record, content);
                }

                // A process was killed before it created the part, or after it renamed it.
                if (isNew || (record?.Describes(track) == true && !AtomicMove.Exists(PathOf(root, record))))
                {
                    TryDelete(recordPath);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It cannot be used: a new part is created.
            }

            recordFile.Dispose();
        }

        return null;
    }

    /// <summary>Creates an empty part.</summary>
    /// <exception cref="IOException">The part cannot be created; then nothing is left of it.</exception>
    public static PartFile Create(string root, FinalPath final, PartRecord record, TaskTrack track, TimeProvider timeProvider)
    {
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(final.Directory);
        var recordFile = CreateFirst(attempt => PartRecord.PathOf(root, track, attempt + 1), FileOptions.None);
        try
        {
            var content = CreateFirst(attempt =>
            {
                // The record is there before the part: a part without one belongs to something else.
                var path = final.Part(attempt);
                record = record with { Part = RelativePath(root, path), Flushed = 0 };
                record.Write(recordFile);
                return path;
            }, FileOptions.Asynchronous);
            return new PartFile(timeProvider, recordFile, record, content);
        }
        catch
        {
            TryDelete(recordFile.Name);
            recordFile.Dispose();
            throw;
        }
    }

    /// <param name="buffer">The bytes.</param>
    /// <param name="count">Their number.</param>
    /// <param name="total">The size of the track, as far as it is known by now.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async Task WriteAsync(byte[] buffer, int count, long? total, CancellationToken cancellationToken)
    {
        await _content.WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
        Length += count;
        _total = total;
        _unflushed += count;
        if (_flush.IsCompleted && (_unflushed >= FlushBytes || _timeProvider.GetElapsedTime(_lastFlush) >= FlushInterval))
        {
            var length = Length;
            _unflushed = 0;
            _lastFlush = _timeProvider.GetTimestamp();
            _flush = Task.Run(() => Flush(length, total, flushRecord: true), CancellationToken.None);
        }

        _failure?.Throw();
    }

    /// <summary>Flushes every byte to the disk, and verifies their number. Blocks as long as the disk takes.</summary>
    public void Complete(long total)
    {
        _flush.GetAwaiter().GetResult();
        _failure?.Throw();
        Flush(Length, total, flushRecord: false);
        _failure?.Throw();
        if (new FileInfo(Path) is not { Exists: true } file || file.Length != total)
        {
            // The record would vouch for bytes that are not of the track.
            Close(deleteRecord: true);
            throw new IOException($"{Path} was changed by something else during the download.");
        }
    }

    /// <summary>Gives the complete part its final name, unless something has it. The lock is held until then.</summary>
    public bool TryMoveTo(string path, bool overwrite)
    {
        if (overwrite)
        {
            AtomicMove.Replace(Path, path);
        }
        else if (!AtomicMove.TryMove(Path, path))
        {
            return false;
        }

        Close(deleteRecord: true);
        return true;
    }

    /// <summary>Deletes the part and its record.</summary>
    public void Delete()
    {
        if (!_isClosed)
        {
            _flush.GetAwaiter().GetResult();
            TryDelete(Path);
            Close(deleteRecord: true);
        }
    }

    /// <summary>Flushes and closes the part. What is safely on the disk stays for the next download.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _flush.GetAwaiter().GetResult();
        if (_failure is null)
        {
            Flush(_content.Length, _total, flushRecord: true);
        }

        if (Record.Flushed > 0)
        {
            Close(deleteRecord: false);
        }
        else
        {
            Delete();
        }
    }

    // After a disk failed once, nothing more that it reports can be trusted.
    private void Flush(long length, long? total, bool flushRecord)
    {
        try
        {
            _content.Flush(flushToDisk: true);
            Record = Record with { Flushed = length, Total = total };
            Record.Write(_recordFile);
            _recordFile.Flush(flushRecord);
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Close(bool deleteRecord)
    {
        _isClosed = true;
        if (deleteRecord)
        {
            TryDelete(_recordFile.Name);
        }

        _recordFile.Dispose();
        _content.Dispose();
    }

    private static FileStream? TryOpenContent(string root, PartRecord record)
    {
        var path = PathOf(root, record);
        var isInside = path.StartsWith(root.TrimEnd('/', '\\') + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);
        if (!isInside || TryLock(path, FileOptions.Asynchronous) is not { } content)
        {
            return null;
        }

        if (new FileInfo(path) is not { Exists: true } file || file.Length != content.Length)
        {
            // Between the opening and the lock it got its final name, and another part has its old one.
            content.Dispose();
            return null;
        }

        content.SetLength(Math.Min(content.Length, record.Flushed));
        content.Position = content.Length;
        return content;
    }

    /// <summary>Creates the first of the numbered files that does not exist.</summary>
    private static FileStream CreateFirst(Func<int, string> pathOf, FileOptions options)
    {
        var failures = 0;
        for (var attempt = 0; ; attempt++)
        {
            var path = pathOf(attempt);
            try
            {
                return Open(path, FileMode.CreateNew, options);
            }
            catch (IOException) when (AtomicMove.Exists(path) || ++failures < 3)
            {
                // It exists, or did a moment ago.
            }
        }
    }

    /// <summary>Opens a file for this process alone, or returns <see langword="null"/> if it is not a file, or in use.</summary>
    private static FileStream? TryLock(string path, FileOptions options)
    {
        if ((new FileInfo(path).Attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory)) != 0)
        {
            // A link, a folder, or nothing at all.
            return null;
        }

        try
        {
            return Open(path, FileMode.Open, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Without a buffer: what was received is in the file when the process dies. On Windows an open file must allow that it is renamed.
    private static FileStream Open(string path, FileMode mode, FileOptions options) => new(
        path,
        mode,
        FileAccess.ReadWrite,
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileShare.Delete : FileShare.None,
        bufferSize: 1,
        options);

    private static string PathOf(string root, PartRecord record) => System.IO.Path.GetFullPath(System.IO.Path.Combine(root, record.Part));

    private static string RelativePath(string root, string path) =>
        path.Substring(root.Length).TrimStart('/', '\\').Replace('\\', '/');

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A record without a part is deleted by the next download of the track.
        }
    }
}
