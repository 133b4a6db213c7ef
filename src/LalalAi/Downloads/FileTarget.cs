using System.Net.Http.Headers;

namespace LalalAi.Downloads;

/// <summary>A file in a folder: a part until it is complete, and never anything else under its final name.</summary>
internal sealed class FileTarget : IDownloadTarget, IDisposable
{
    private const int MaximumNumber = 10_000;

    private readonly PartDisk _disk;
    private readonly TaskTrack _track;
    private readonly string _directory;
    private readonly NameTemplate? _template;
    private readonly ExistingFileBehavior _existing;
    private readonly PathReservations _reservations;
    private PartFile? _part;
    private DownloadNames? _names;
    private int _number;
    private DownloadedFile? _skipped;

    public FileTarget(PartDisk disk, TaskTrack track, string directory, NameTemplate? template, ExistingFileBehavior existing, PathReservations reservations)
    {
        _disk = disk;
        _track = track;
        _directory = directory;
        _template = template;
        _existing = existing;
        _reservations = reservations;
        _part = PartSearch.Find(disk, track, directory, template?.Folders ?? 0, reservations);
    }

    public long Length => _part?.Length ?? 0;

    public long? Total => _part?.Record.Total;

    public EntityTagHeaderValue? Validator => _part?.Record.Validator;

    public bool CanStartOver => true;

    public bool Begin(ResponseHead head) => Guarded(() =>
    {
        var name = TrackName.Choose(_track, head, _part?.Record.Name);
        Settle(name);
        if (_existing == ExistingFileBehavior.Skip && IsComplete(_names!.Numbered(_number), head.Total ?? _track.Size))
        {
            _skipped = new DownloadedFile(_track, _names.Numbered(_number), head.Total ?? _track.Size ?? 0);
            _part?.Delete();
            PartFile.ForgetFinished(_names.Numbered(_number) + PartFile.Suffix, _track);
            return false;
        }

        var record = new PartRecord { Task = _track.TaskId.Value, Label = _track.Label, Name = name, EntityTag = head.EntityTag?.ToString(), Total = head.Total };
        if (_part is null)
        {
            _part = CreatePart(record);
        }
        else if (head.Offset == 0)
        {
            _part.Restart(record);
        }
        else if (_part.Record.Total is null && head.Total is { } total)
        {
            _part.Complete(total);
        }

        return true;
    });

    public async Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            await _part!.WriteAsync(buffer, count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(exception);
        }
    }

    public void Discard() => Guarded(() =>
    {
        _part?.Restart(_part.Record with { EntityTag = null, Total = null });
        return true;
    });

    /// <summary>Gives the complete part its final name.</summary>
    public DownloadedFile Finish() => _skipped ?? Guarded(() =>
    {
        var part = _part!;
        Settle(part.Record.Name ?? TrackName.Choose(_track, new ResponseHead { Status = 0, Offset = null, Total = null }, null));
        var length = part.Close();
        if (Total is { } total && length != total)
        {
            throw new LalalAiDownloadException($"{part.Path} has {length} bytes on disk instead of {total}. Was it changed by something else while it was being downloaded?", _track);
        }

        var path = Rename(part.Path);
        part.Forget();
        _part = null;
        return new DownloadedFile(_track, path, length);
    });

    /// <summary>Closes the part, which stays for the next call unless there is nothing in it.</summary>
    public void Dispose()
    {
        _part?.Dispose();
        if (_part is { Length: 0, Record.Total: not 0 })
        {
            _part.Delete();
        }
    }

    /// <summary>Decides the final name, once.</summary>
    private void Settle(string name)
    {
        if (_names is not null)
        {
            return;
        }

        _names = DownloadNames.In(_directory, _template?.Expand(_track, name) ?? [name], _track);
        if (_existing == ExistingFileBehavior.Fail && (AtomicMove.Exists(_names.Numbered(1)) || !_reservations.TryReserve(_names.Numbered(1))))
        {
            throw Exists();
        }

        _number = _existing == ExistingFileBehavior.Fail ? 1 : FirstFree(1);
    }

    private int FirstFree(int from)
    {
        for (var number = from; number <= MaximumNumber; number++)
        {
            var path = _names!.Numbered(number);
            if ((_existing != ExistingFileBehavior.Rename || !AtomicMove.Exists(path)) && _reservations.TryReserve(path))
            {
                return number;
            }
        }

        throw new LalalAiDownloadException($"{MaximumNumber} files in {_names!.Directory} have the name of the track '{_track.Label}' already. Choose another folder or a {nameof(DownloadOptions.NameTemplate)}.", _track);
    }

    private PartFile CreatePart(PartRecord record)
    {
        Directory.CreateDirectory(_names!.Directory);
        for (var number = _number; ; number++)
        {
            if (PartFile.TryCreate(_disk, _names.Numbered(number) + PartFile.Suffix, record) is { } part)
            {
                _reservations.TryReserve(part.Path);
                return part;
            }
        }
    }

    private string Rename(string part)
    {
        var path = _names!.Numbered(_number);
        switch (_existing)
        {
            case ExistingFileBehavior.Overwrite or ExistingFileBehavior.Skip:
                AtomicMove.Replace(part, path);
                return path;
            case ExistingFileBehavior.Fail:
                return AtomicMove.TryMove(part, path) ? path : throw Exists();
            default:
                while (!AtomicMove.TryMove(part, path))
                {
                    // Another process was faster.
                    _number = FirstFree(_number + 1);
                    path = _names.Numbered(_number);
                }

                return path;
        }
    }

    private static bool IsComplete(string path, long? length) => length is not null && new FileInfo(path) is { Exists: true } file && file.Length == length;

    private LalalAiDownloadException Exists() =>
        new($"{_names!.Numbered(1)} exists, or is being downloaded. {nameof(DownloadOptions)}.{nameof(DownloadOptions.ExistingFile)} says what to do then.", _track);

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(exception);
        }
    }

    private LalalAiDownloadException CannotWrite(Exception exception) => new(
        $"The track '{_track.Label}' cannot be written to {_directory}: {exception.Message} Make room, make the folder writable, or choose another. What has reached the disk stays there as {PartFile.Suffix} and is continued by the next call.",
        _track,
        innerException: exception);
}
