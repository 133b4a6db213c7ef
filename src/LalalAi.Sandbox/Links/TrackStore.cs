using System.Collections.Concurrent;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Links;

/// <summary>The file of a track.</summary>
/// <param name="Path">The file.</param>
/// <param name="Extension">The file name extension of its format.</param>
/// <param name="ContentType">The content type of its format.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Note">The reason why it is not in the requested format; null when it is.</param>
internal sealed record TrackFile(string Path, string Extension, string ContentType, long Size, string? Note = null);

/// <summary>
/// The tracks of tasks as files. They are created when the first track of a task is needed, because most tests do not download any.
/// </summary>
internal sealed class TrackStore(FileStore files, MediaDecoder decoder, Ffmpeg? ffmpeg, CancellationToken stopping)
{
    // The time that a check waits for tracks. Clients wait longer for a response.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    // Shared by all sandboxes of the process, because they share its processors.
    private static readonly SemaphoreSlim Renderers = new(Environment.ProcessorCount);

    // By the path of the decoded file.
    private readonly ConcurrentDictionary<string, Lazy<Task>> _decodings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Lazy<Task<IReadOnlyList<TrackFile>>>> _renderings = new();

    /// <summary>Describes the tracks before they are downloaded.</summary>
    /// <returns>Null while they are being created.</returns>
    /// <exception cref="MediaException">They cannot be created.</exception>
    public async Task<IReadOnlyList<TrackFile>?> DescribeAsync(SeparationTask task, CancellationToken cancellationToken)
    {
        if (IsUnchangedFormat(task))
        {
            return DescribeUnchanged(task);
        }

        try
        {
            // The system's clock, because the work does not depend on the sandbox's clock.
            return await RenderAsync(task).WaitAsync(LongestWait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits for the file of a track.</summary>
    /// <exception cref="MediaException">It cannot be created.</exception>
    public async Task<TrackFile> GetAsync(SeparationTask task, int track, CancellationToken cancellationToken) =>
        task.Source.Media.Decoder == Decoder.None
            ? DescribeUnchanged(task)[track]
            : (await RenderAsync(task).WaitAsync(cancellationToken).ConfigureAwait(false))[track];

    /// <summary>The path of a file with the uncompressed samples of a task's source.</summary>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public Task<string> DecodeSourceAsync(SeparationTask task, CancellationToken cancellationToken) =>
        task.Source.Media.Decoder == Decoder.None
            ? throw new MediaException(task.Source.Media.Failure ?? "The content is not media that the sandbox has decoded.")
            : DecodeAsync(task).WaitAsync(cancellationToken);

    /// <summary>The path of a file with the uncompressed samples of a track.</summary>
    /// <exception cref="MediaException">It cannot be created or decoded.</exception>
    public async Task<string> DecodeTrackAsync(SeparationTask task, int track, CancellationToken cancellationToken)
    {
        var file = await GetAsync(task, track, cancellationToken).ConfigureAwait(false);
        var media = await decoder.ProbeAsync(
            file.Path, files.DecodedPath(task.Id, track), onlyKnown: true, cancellationToken).ConfigureAwait(false);
        return media.Decoder switch
        {
            Decoder.Pcm => file.Path,
            Decoder.None => throw new MediaException(media.Failure!),
            _ => await DecodeAsync(media, file.Path, files.DecodedPath(task.Id, track)).WaitAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    public void Remove(SeparationTask task)
    {
        if (!_renderings.TryRemove(task.Id, out _))
        {
            return;
        }

        for (var track = 0; track < task.Plan.Tracks.Count; track++)
        {
            FileStore.Delete(files.TrackPath(task.Id, track));
            DeleteDecoded(files.DecodedPath(task.Id, track));
        }
    }

    public void Remove(Source source)
    {
        FileStore.Delete(source.Path);
        DeleteDecoded(files.DecodedPath(source.Id));
    }

    /// <summary>Waits until no more files are being written. The folder can then be deleted.</summary>
    public async Task WhenIdleAsync()
    {
        foreach (var rendering in _renderings.Values.Where(rendering => rendering.IsValueCreated))
        {
            // Downloads report the failure.
            await ((Task)rendering.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string? EncoderFormat(SeparationTask task) => (string?)task.Presets["encoder_format"];

    private static MediaFormat Target(SeparationTask task) =>
        EncoderFormat(task) is { } name ? MediaFormat.ForEncoderFormat(name) ?? MediaFormat.Unknown : task.Source.Media.Format;

    /// <summary>
    /// Whether each track is a copy of the source's file, with other samples or unchanged. Their size is then known in advance.
    /// </summary>
    private static bool IsUnchangedFormat(SeparationTask task) =>
        task.Source.Media.Decoder == Decoder.None || (task.Source.Media.Decoder == Decoder.Pcm && Target(task) == task.Source.Media.Format);

    private TrackFile[] DescribeUnchanged(SeparationTask task)
    {
        var source = task.Source;
        var isPassedThrough = source.Media.Decoder == Decoder.None;
        var format = Target(task);
        var extension = isPassedThrough && EncoderFormat(task) is { } name ? $".{name}" : source.Media.Format.ExtensionFor(source.Name);
        var contentType = isPassedThrough ? MediaFormat.OfExtension(extension).ContentType : format.ContentType;
        return
        [
            .. task.Plan.Tracks.Select((_, track) =>
                new TrackFile(isPassedThrough ? source.Path : files.TrackPath(task.Id, track), extension, contentType, source.Size)),
        ];
    }

    private Task<IReadOnlyList<TrackFile>> RenderAsync(SeparationTask task) =>
        _renderings.GetOrAdd(task.Id, _ => new Lazy<Task<IReadOnlyList<TrackFile>>>(() => Task.Run(() => MakeAsync(task), stopping))).Value;

    private async Task<IReadOnlyList<TrackFile>> MakeAsync(SeparationTask task)
    {
        await Renderers.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            var pcmPath = await DecodeAsync(task).ConfigureAwait(false);
            Split(task, pcmPath);
            return IsUnchangedFormat(task) ? DescribeUnchanged(task) : await EncodeAsync(task).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MediaException($"The sandbox cannot write the tracks: {exception.Message}", exception);
        }
        finally
        {
            Renderers.Release();
        }
    }

    /// <summary>
    /// The path of a file with the uncompressed samples of the source, in the format of the tracks if it is uncompressed too.
    /// </summary>
    private async Task<string> DecodeAsync(SeparationTask task)
    {
        var source = task.Source;
        if (source.Media.Decoder == Decoder.Pcm && (source.Media.Format == MediaFormat.Wav || IsUnchangedFormat(task)))
        {
            return source.Path;
        }

        return await DecodeAsync(source.Media, source.Path, files.DecodedPath(source.Id)).ConfigureAwait(false);
    }

    private async Task<string> DecodeAsync(Media media, string path, string wavPath)
    {
        Task DecodeAsync() => Task.Run(() => decoder.DecodeAsync(media, path, wavPath, stopping), stopping);
        await _decodings.GetOrAdd(wavPath, _ => new Lazy<Task>(DecodeAsync)).Value.ConfigureAwait(false);
        return wavPath;
    }

    private void DeleteDecoded(string path)
    {
        _decodings.TryRemove(path, out _);
        FileStore.Delete(path);
    }

    private void Split(SeparationTask task, string pcmPath)
    {
        using var source = MediaDecoder.Open(pcmPath);
        if (MediaDecoder.ReadPcm(source) is not (var layout, _))
        {
            throw new MediaException("The file is damaged.");
        }

        var tracks = new List<FileStream>();
        try
        {
            for (var track = 0; track < task.Plan.Tracks.Count; track++)
            {
                tracks.Add(File.Create(files.TrackPath(task.Id, track)));
            }

            new TrackRenderer(layout, task.Plan).Render(source, tracks, stopping);
        }
        finally
        {
            tracks.ForEach(track => track.Dispose());
        }
    }

    private async Task<IReadOnlyList<TrackFile>> EncodeAsync(SeparationTask task)
    {
        var target = Target(task);
        var videoPath = task.Source.Media.HasVideo && EncoderFormat(task) is null ? task.Source.Path : null;
        var encoded = new List<TrackFile>();
        for (var track = 0; track < task.Plan.Tracks.Count; track++)
        {
            var path = files.TrackPath(task.Id, track);
            var failure = target == MediaFormat.Wav ? null : await EncodeAsync(path, target, videoPath).ConfigureAwait(false);
            var format = failure is null ? target : MediaFormat.Wav;
            encoded.Add(new TrackFile(path, format.ExtensionFor(task.Source.Name), format.ContentType, new FileInfo(path).Length, failure));
        }

        return encoded;
    }

    /// <summary>Replaces a WAV file by one in another format.</summary>
    /// <returns>Null, or the reason why it is still a WAV file.</returns>
    private async Task<string?> EncodeAsync(string path, MediaFormat target, string? videoPath)
    {
        if (target.Encoding is null || ffmpeg is null)
        {
            return target.Encoding is null
                ? "wav: the sandbox does not encode the format of the source"
                : $"wav: the sandbox cannot encode {target.Name} without ffmpeg";
        }

        var encoded = path + ".encoded";
        try
        {
            await ffmpeg.EncodeAsync(path, videoPath, target.Encoding, encoded, stopping).ConfigureAwait(false);
            File.Move(encoded, path, overwrite: true);
            return null;
        }
        catch (MediaException exception)
        {
            return $"wav: {exception.Message}";
        }
        finally
        {
            FileStore.Delete(encoded);
        }
    }
}
