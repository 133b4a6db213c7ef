using System.Buffers;
using System.Security.Cryptography;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Http;

/// <summary>Takes files in: the bytes go from the socket to a file, whatever their number.</summary>
internal sealed class SourceIntake(FileStore files, SandboxOptions options)
{
    /// <summary>Either the source or why the bytes were refused; no file is left of those.</summary>
    public async Task<(Source? Source, ApiAnswer? Error)> TakeAsync(
        LicenseState license,
        string name,
        Stream body,
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
                if (!await TryCopyAsync(body, file, hash, license.Options.MaxUploadBytes, cancellationToken).ConfigureAwait(false))
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
                var source = new Source(id, name, path, file.Length, MediaDuration.Seconds(wave, file.Length), wave, expires)
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
    private static async Task<bool> TryCopyAsync(Stream body, Stream file, IncrementalHash hash, long? limit, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(80 * 1024);
        try
        {
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > limit)
                {
                    return false;
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
