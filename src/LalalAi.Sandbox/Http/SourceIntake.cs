using System.Buffers;
using System.Security.Cryptography;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Http;

/// <summary>A file on its way in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Head">Its first bytes; empty only for an empty file.</param>
/// <param name="Rest">All other bytes.</param>
internal sealed record Upload(string Name, ReadOnlyMemory<byte> Head, Stream Rest);

/// <summary>Takes files in: the bytes go from the socket to a file, whatever their number.</summary>
internal sealed class SourceIntake(FileStore files, SandboxOptions options)
{
    /// <summary>Either the source or why the bytes were refused; no file is left of those.</summary>
    public async Task<(Source? Source, ApiAnswer? Error)> TakeAsync(
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
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                if (!await TryCopyAsync(upload, file, hash, license.Options.MaxUploadBytes, cancellationToken).ConfigureAwait(false))
                {
                    return (null, ErrorAnswers.BadRequest(Refusal.TooLarge));
                }

                if (file.Length == 0)
                {
                    return (null, ErrorAnswers.Unprocessable(ValidationDetail.MissingBody));
                }

                file.Position = 0;
                var wave = WaveLayout.TryRead(file);
                var expires = options.TimeProvider.GetUtcNow() + options.SourceLifetime;
                var source = new Source(id, upload.Name, path, file.Length, MediaDuration.Seconds(wave, file.Length), wave, expires)
                {
                    Content = Convert.ToHexStringLower(hash.GetHashAndReset()),
                    Faults = plan,
                };
                license.Add(source);
                kept = true;
                return (source, null);
            }
        }
        finally
        {
            if (!kept)
            {
                FileStore.Delete(path);
            }
        }
    }

    /// <returns>Whether the whole body was within the limit.</returns>
    private static async Task<bool> TryCopyAsync(Upload upload, Stream file, IncrementalHash hash, long? limit, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(80 * 1024);
        try
        {
            long total = 0;
            for (var block = upload.Head; block.Length > 0; block = buffer.AsMemory(0, await upload.Rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)))
            {
                total += block.Length;
                if (total > limit)
                {
                    return false;
                }

                hash.AppendData(block.Span);
                await file.WriteAsync(block, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
