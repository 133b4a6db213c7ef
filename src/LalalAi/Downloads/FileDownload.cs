using System.Buffers;
using LalalAi.Downloads.Naming;
using LalalAi.Http;

namespace LalalAi.Downloads;

/// <summary>
/// One download of a track into a folder. It writes a partial file, and gives it the final name when it is complete and verified.
/// </summary>
internal sealed class FileDownload(
    TaskTrack track,
    DownloadDestination destination,
    PathReservations reservations,
    TrackReader reader,
    TransferMeter meter,
    TimeProvider timeProvider) : IAsyncDisposable
{
    // Each write to a file runs on another thread, so few large writes cost less than many small ones.
    private const int BufferSize = 256 * 1024;

    private FinalPath? _path;
    private PartFile? _part;

    /// <summary>Runs the download to its end.</summary>
    public async Task<DownloadedFile> RunAsync(CancellationToken cancellationToken)
    {
        if (destination.FileName is { } exactName && Guard(() => Choose(exactName)) is { } known)
        {
            Restart(known.Size);
            return known;
        }

        _part = Guard(() => PartFile.TryOpen(destination.Directory, track, timeProvider));
        if (_part is { Record: var record })
        {
            reader.Resume(_part.Length, record.Validator, record.Total);
        }

        await reader.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (Guard(() => Choose(DefaultFileName.Choose(track, reader.Head, _part?.Record.Name))) is { } existing)
        {
            _part?.Delete();
            Restart(existing.Size);
            return existing;
        }

        await ReceiveAsync(cancellationToken).ConfigureAwait(false);

        // Flushing a large file blocks.
        return await Task.Run(() => Guard(Finish), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Closes the partial file. It is kept for the next download if its content is valid.</summary>
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

    /// <summary>Chooses the final path, once.</summary>
    /// <returns>The file that makes the download unnecessary, or <see langword="null"/>.</returns>
    private DownloadedFile? Choose(string name)
    {
        _path ??= new FinalPath(track, name, destination, reservations);
        return _path.HasFile(reader.Total) ? new DownloadedFile(track, _path.FullName, reader.Total!.Value) : null;
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        Restart(reader.Position);
        var retries = reader.Retries;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (retries != reader.Retries)
                {
                    retries = reader.Retries;
                    Restart(reader.Position - read);
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

    /// <summary>Reports the existing bytes. The rate is measured from here.</summary>
    private void Restart(long position)
    {
        meter.Total = reader.Total;
        meter.Restart(position);
        meter.Report();
    }

    private async Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            if (reader.Position == count)
            {
                // The track starts, or starts over.
                _part?.Delete();
                var record = PartRecord.Of(track) with { Name = _path!.Name, EntityTag = reader.EntityTag?.ToString() };
                _part = PartFile.Create(destination.Directory, _path, record, track, timeProvider);
            }

            await _part!.WriteAsync(buffer, count, reader.Total, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw CannotWrite(exception);
        }
    }

    /// <summary>Gives the complete file its final name.</summary>
    private DownloadedFile Finish()
    {
        _part!.Complete(reader.Total!.Value);
        while (!_part.TryMoveTo(_path!.FullName, _path.ReplacesFiles))
        {
            // Another process was faster.
            _path.MoveOn();
        }

        return new DownloadedFile(track, _path.FullName, _part.Length);
    }

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
