using System.Buffers;
using System.Security.Cryptography;
using LalalAi.Sandbox.Audio;

namespace LalalAi.Sandbox.State;

/// <summary>A file that is uploaded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Head">Its first bytes.</param>
/// <param name="Rest">All other bytes.</param>
internal sealed record Upload(string Name, ReadOnlyMemory<byte> Head, Stream Rest);

/// <summary>Stores uploads. The bytes are copied from the socket to a file in constant memory.</summary>
internal sealed class SourceStore(FileStore files, MediaDecoder decoder, SandboxOptions options)
{
    /// <summary>The source, or the reason why the upload was rejected. The file of a rejected upload is deleted.</summary>
    public async Task<(Source? Source, Refusal? Refusal)> AddAsync(
        LicenseState license,
        Upload upload,
        FaultPlan? plan,
        CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var path = files.SourcePath(id);
        var kept = false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var limit = license.Options.MaxUploadBytes;
            if (await CopyAsync(upload, path, hash, limit, cancellationToken).ConfigureAwait(false) is not { } size)
            {
                return (null, Refusal.TooLarge);
            }

            var media = await ProbeAsync(path, files.DecodedPath(id), size, cancellationToken).ConfigureAwait(false);
            if (media.Failure is { } failure && options.Behavior?.RejectsUndecodableUploads == true)
            {
                return (null, new Refusal(failure));
            }

            var source = new Source(id, upload.Name, path, size, media, options.TimeProvider.GetUtcNow() + options.SourceLifetime)
            {
                Content = Convert.ToHexStringLower(hash.GetHashAndReset()),
                Faults = plan,
            };
            license.Add(source);
            kept = true;
            return (source, null);
        }
        finally
        {
            if (!kept)
            {
                FileStore.Delete(path);
                FileStore.Delete(files.DecodedPath(id));
            }
        }
    }

    private async Task<Media> ProbeAsync(string path, string decodedPath, long size, CancellationToken cancellationToken)
    {
        var passThrough = options.UndecodableContent == UndecodableContent.PassThrough;
        var media = await decoder.ProbeAsync(path, decodedPath, onlyKnown: passThrough, cancellationToken).ConfigureAwait(false);
        return media.Failure is not null && passThrough ? Media.PassThrough(size) : media;
    }

    /// <returns>The size; null when it exceeds the limit.</returns>
    private static async Task<long?> CopyAsync(
        Upload upload,
        string path,
        IncrementalHash hash,
        long? limit,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(80 * 1024);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                long size = 0;
                for (var block = upload.Head; block.Length > 0; block = await ReadAsync().ConfigureAwait(false))
                {
                    size += block.Length;
                    if (size > limit)
                    {
                        return null;
                    }

                    hash.AppendData(block.Span);
                    await file.WriteAsync(block, cancellationToken).ConfigureAwait(false);
                }

                return size;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        async Task<ReadOnlyMemory<byte>> ReadAsync()
        {
            var read = await upload.Rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return buffer.AsMemory(0, read);
        }
    }
}
