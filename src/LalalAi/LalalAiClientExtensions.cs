using System.Buffers;
using System.Runtime.InteropServices;
using LalalAi.Downloads;
using LalalAi.Downloads.Naming;
using LalalAi.Http;

namespace LalalAi;

/// <summary>Methods that combine members of <see cref="ILalalAiClient"/>. They work with any implementation of the interface.</summary>
public static partial class LalalAiClientExtensions
{
    // Few large writes cost less than many small ones.
    private const int CopyBufferSize = 256 * 1024;

    /// <summary>Uploads a file. Its name is sent without its folder.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The file, up to 10 GB.</param>
    /// <param name="progress">Receives the number of bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The uploaded file, which expires after about 24 hours.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder of the file does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied, or the path is a folder.</exception>
    /// <exception cref="ArgumentException">The file is empty or larger than 10 GB.</exception>
    public static async Task<SourceFile> UploadAsync(
        this ILalalAiClient client,
        string path,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(path, nameof(path));
        using var content = OpenFile(path);
        return await client.UploadAsync(content, Path.GetFileName(path), options: null, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uploads bytes in memory.</summary>
    /// <param name="client">The client.</param>
    /// <param name="content">The content.</param>
    /// <param name="fileName">
    /// The name of the file; only its last segment is sent. The service derives the format from the extension.
    /// </param>
    /// <param name="progress">Receives the number of bytes sent.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>The uploaded file, which expires after about 24 hours.</returns>
    public static async Task<SourceFile> UploadAsync(
        this ILalalAiClient client,
        ReadOnlyMemory<byte> content,
        string fileName,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        using var stream = MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        return await client.UploadAsync(stream, fileName, options: null, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the state of a task. See <see cref="ILalalAiClient.CheckAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="options">The maximum age of the state.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<TaskState> CheckAsync(
        this ILalalAiClient client, TaskId taskId, CheckOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        var states = await client.CheckAsync([taskId], options, cancellationToken).ConfigureAwait(false);
        return states[taskId];
    }

    /// <summary>Cancels a task. See <see cref="ILalalAiClient.CancelAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<CancelResult> CancelAsync(
        this ILalalAiClient client, TaskId taskId, CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        var results = await client.CancelAsync([taskId], cancellationToken).ConfigureAwait(false);
        return results[taskId];
    }

    /// <summary>Downloads a track into a stream. Broken connections are resumed. The stream is flushed and not disposed.</summary>
    /// <param name="client">The client.</param>
    /// <param name="track">The track.</param>
    /// <param name="destination">The stream. It need not be able to seek.</param>
    /// <param name="progress">Receives the number of bytes received.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>The number of bytes that were written.</returns>
    /// <exception cref="ArgumentException">The stream cannot be written to.</exception>
    /// <exception cref="LalalAiDownloadException">The track is no longer available, or changed during the download.</exception>
    public static async Task<long> DownloadAsync(
        this ILalalAiClient client,
        TaskTrack track,
        Stream destination,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(track, nameof(track));
        ThrowIfNull(destination, nameof(destination));
        if (!destination.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written to.", nameof(destination));
        }

        using var content = await client.OpenReadAsync(track, offset: 0, cancellationToken).ConfigureAwait(false);
        var meter = new TransferMeter(TimeProvider.System, progress, content.TotalBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await destination.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
                meter.Add(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        meter.Total = content.TotalBytes;
        meter.Report();
        return meter.Transferred;
    }

    /// <summary>Downloads a track to a file. See <see cref="ILalalAiClient.DownloadAsync"/>.</summary>
    /// <param name="client">The client.</param>
    /// <param name="track">The track.</param>
    /// <param name="path">The path of the file. Its folder is created if it does not exist.</param>
    /// <param name="existingFile">What happens if the file exists. The download fails by default.</param>
    /// <param name="progress">Receives the number of bytes received.</param>
    /// <param name="cancellationToken">Cancels the download. What was received stays as <c>NAME.part</c>.</param>
    /// <returns>The complete file.</returns>
    /// <exception cref="LalalAiDownloadException">The file exists, the track is no longer available, or the folder cannot be written
    /// to.</exception>
    public static Task<DownloadedFile> DownloadToFileAsync(
        this ILalalAiClient client,
        TaskTrack track,
        string path,
        ExistingFileBehavior existingFile = ExistingFileBehavior.Fail,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(path, nameof(path));
        var fullPath = Path.GetFullPath(path);
        var name = Path.GetFileName(fullPath);
        if (name.Length == 0)
        {
            throw new ArgumentException(
                $"'{path}' is a folder. Add the name of the file, "
                    + $"or use {nameof(ILalalAiClient.DownloadAsync)} to keep the service's name.",
                nameof(path));
        }

        var options = new DownloadOptions { FileName = name, ExistingFile = existingFile };
        return client.DownloadAsync(track, Path.GetDirectoryName(fullPath)!, options, progress, cancellationToken);
    }

    /// <summary>Downloads all tracks of a task into a folder, several at a time. A track that fails does not stop the others.</summary>
    /// <param name="client">The client.</param>
    /// <param name="task">The task, as a wait returned it.</param>
    /// <param name="directory">The folder. It is created if it does not exist.</param>
    /// <param name="options">The names of the files, and what happens if one exists.</param>
    /// <param name="progress">Receives the number of bytes received, of all tracks together.</param>
    /// <param name="cancellationToken">Cancels the downloads.</param>
    /// <returns>The result of each track, in the order of <see cref="TaskSucceeded.Tracks"/>.</returns>
    public static async Task<IReadOnlyList<DownloadResult>> DownloadAllAsync(
        this ILalalAiClient client,
        TaskSucceeded task,
        string directory,
        DownloadOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(task, nameof(task));
        DownloadDestination.Of(directory, options);
        if (options?.FileName is not null)
        {
            throw new ArgumentException(
                $"{nameof(DownloadOptions.FileName)} names one file. "
                    + $"Use {nameof(DownloadOptions.NameTemplate)}, for example {{label}}.{{ext}}, to download all tracks.",
                nameof(options));
        }

        using var reservations = new PathReservations();
        options = (options ?? new DownloadOptions()) with { Reservations = reservations };
        var combined =
            progress is null ? null : new CombinedProgress(TimeProvider.System, progress, task.Tracks.Select(track => track.Size));
        var results = await Task.WhenAll(task.Tracks.Select(async (track, index) =>
        {
            try
            {
                var file =
                    await client.DownloadAsync(track, directory, options, combined?.Part(index), cancellationToken).ConfigureAwait(false);
                return new DownloadResult(track, file, null);
            }
            catch (Exception exception)
            {
                return new DownloadResult(track, null, exception);
            }
        })).ConfigureAwait(false);
        return cancellationToken.IsCancellationRequested && results.Any(result => result.Error is OperationCanceledException)
            ? throw new OperationCanceledException("The downloads were canceled.", cancellationToken)
            : results;
    }

    /// <summary>
    /// Returns the minutes that are left on the license, with a timeout and retries of its own, for example for a page that cannot wait.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="options">
    /// The timeout and the retries. Without <see cref="CallOptions.MaxRetries"/> the request is sent once.
    /// </param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The minutes, or <see langword="null"/> if the service does not report them.</returns>
    public static async Task<double?> GetMinutesLeftAsync(
        this ILalalAiClient client, CallOptions options, CancellationToken cancellationToken = default)
    {
        ThrowIfNull(client, nameof(client));
        ThrowIfNull(options, nameof(options));
        var call = options with { Operation = "MinutesLeft" };
        var response = await client
            .SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), call, cancellationToken)
            .ConfigureAwait(false);
        return response.MinutesLeft;
    }

    // The copy reads ahead with its own buffer; a second one would only copy once more.
    private static FileStream OpenFile(string path) =>
        new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            bufferSize: 1,
            FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static void ThrowIfNull(object? argument, string name)
    {
        if (argument is null)
        {
            throw new ArgumentNullException(name);
        }
    }
}
