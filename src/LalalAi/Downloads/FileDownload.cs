using System.Buffers;
using LalalAi.Downloads.Naming;
using LalalAi.Http;

namespace LalalAi.Downloads;

/// <summary>
/// One download of a track into a folder: a part until it is complete and verified, and never anything else under its final name.
/// </summary>
internal sealed class FileDownload(
    TaskTrack track,
    DownloadDestination destination,
    PathReservations reservations,
    TrackReader reader,
    TransferMeter meter,
    TimeProvider timeProvider) : IAsyncDisposable
{
    private const int MaximumNumber = 10_000;

    // Each write to a file is handed to another thread: few large ones cost less than many small ones.
    private const int BufferSize = 256 * 1024;

    private PartFile? _part;
    private string? _name;
    private FileNameCandidates? _candidates;
    private int _number;

    /// <summary>Runs the download to its end.</summary>
    public async Task<DownloadedFile> RunAsync(CancellationToken cancellationToken)
    {
        if (destination.FileName is { } fileName)
        {
            Guard(() => ChooseName(fileName));
            if (Guard(() => FindExisting(track.Size)) is { } known)
            {
                return Report(known);
            }
        }

        _part = Guard(() => PartFile.TryOpen(destination.Directory, track, timeProvider));
        if (_part is { Record: var record })
        {
            reader.Resume(_part.Length, record.Validator, record.Total);
        }

        await reader.OpenAsync(cancellationToken).ConfigureAwait(false);
        Guard(() => ChooseName(TrackName.Choose(track, reader.Head, _part?.Record.Name)));
        if (Guard(() => FindExisting(reader.Total ?? track.Size)) is { } existing)
        {
            _part?.Delete();
            return Report(existing);
        }

        await ReceiveAsync(cancellationToken).ConfigureAwait(false);

        // Flushing a large file blocks for as long as the disk takes.
        return await Task.Run(() => Guard(Finish), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Closes the part. It stays for the next download, unless it turned out to be something else.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_part is { } part)
        {
            var isObsolete = reader.Position < part.Length;
            await Task.Run(() =>
            {
                if (isObsolete)
                {
                    part.Delete();
                }

                part.Dispose();
            }).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var requests = -1;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
                if (requests != reader.Requests)
                {
                    requests = reader.Requests;
                    meter.Total = reader.Total;
                    meter.Restart(reader.Position - read);
                    meter.Report();
                }

                if (read == 0)
                {
                    break;
                }

                await WriteAsync(buffer, read, cancellationToken).ConfigureAwait(false);
                meter.Add(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        meter.Total = reader.Total;
        meter.Report();
    }

    private DownloadedFile Report(DownloadedFile existing)
    {
        meter.Total = existing.Size;
        meter.Restart(existing.Size);
        meter.Report();
        return existing;
    }

    private async Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            if (reader.Position == count)
            {
                // The track begins here, or begins again.
                _part?.Delete();
                var record = PartRecord.Of(track) with { Name = _name, EntityTag = reader.EntityTag?.ToString(), Total = reader.Total };
                _part = PartFile.Create(destination.Directory, _candidates!, _number, record, track, timeProvider);
            }
            else if (_part!.Record.Total != reader.Total)
            {
                _part.SetTotal(reader.Total);
            }

            await _part.WriteAsync(buffer, count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw CannotWrite(exception);
        }
    }

    /// <summary>Chooses the final name, once.</summary>
    private bool ChooseName(string name)
    {
        if (_candidates is not null)
        {
            return false;
        }

        _name = name;
        var segments = destination.Template?.Expand(track, name) ?? [name];
        _candidates = new FileNameCandidates(destination.Directory, segments, isExact: destination.FileName is not null);
        if (destination.Existing == ExistingFileBehavior.Fail)
        {
            _number = 1;
            var path = _candidates.Numbered(1);
            return !AtomicMove.Exists(path) && reservations.TryReserve(path) ? true : throw Exists();
        }

        _number = FirstFree(1);
        return true;
    }

    private int FirstFree(int from)
    {
        for (var number = from; number <= MaximumNumber; number++)
        {
            var path = _candidates!.Numbered(number);
            if ((destination.Existing != ExistingFileBehavior.Rename || !AtomicMove.Exists(path)) && reservations.TryReserve(path))
            {
                return number;
            }
        }

        throw new LalalAiDownloadException(
            $"{MaximumNumber} files in {_candidates!.Directory} have the name of the track '{track.Label}'. "
            + $"Choose another folder or a {nameof(DownloadOptions.NameTemplate)}.",
            track);
    }

    /// <summary>Returns the file that makes the download unnecessary.</summary>
    private DownloadedFile? FindExisting(long? size)
    {
        var path = _candidates!.Numbered(_number);
        return destination.Existing == ExistingFileBehavior.Skip
            && size is { } length
            && new FileInfo(path) is { Exists: true } file
            && file.Length == length
            ? new DownloadedFile(track, path, length)
            : null;
    }

    /// <summary>Gives the complete part its final name.</summary>
    private DownloadedFile Finish()
    {
        var part = _part!;
        part.Complete();
        var length = part.Length;
        if (length != reader.Total)
        {
            throw new LalalAiDownloadException(
                $"{part.Path} has {length} bytes instead of {reader.Total}. Was it changed during the download?", track);
        }

        var overwrite = destination.Existing is ExistingFileBehavior.Overwrite or ExistingFileBehavior.Skip;
        while (!part.TryMoveTo(_candidates!.Numbered(_number), overwrite))
        {
            // Another process was faster.
            _number = destination.Existing == ExistingFileBehavior.Fail ? throw Exists() : FirstFree(_number + 1);
        }

        return new DownloadedFile(track, _candidates.Numbered(_number), length);
    }

    private LalalAiDownloadException Exists() => new(
        $"{_candidates!.Numbered(1)} exists, or is being downloaded. "
        + $"Set {nameof(DownloadOptions)}.{nameof(DownloadOptions.ExistingFile)} to rename, overwrite or skip it.",
        track);

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw CannotWrite(exception);
        }
    }

    // .NET reports some failures as invalid arguments, for example a file that is too large for the file system.
    private static bool IsOfTheDisk(Exception exception) => exception is not (OperationCanceledException or LalalAiException);

    private LalalAiDownloadException CannotWrite(Exception exception) => new(
        $"The track '{track.Label}' cannot be written to {destination.Directory}. {exception.Message} Make room, make the folder writable, "
        + $"or choose another one. What is safely on the disk stays there as {PartFile.Suffix}, and the next download resumes it.",
        track,
        innerException: exception);
}
