using System.Buffers;
using System.Security.Cryptography;

namespace LalalAi.Cli.Inputs;

/// <summary>Identifies a recording independent of its file name: the SHA-256 of its content, in lower-case hexadecimal.</summary>
internal static class ContentHash
{
    private const int BufferSize = 128 * 1024;

    public static FileStream OpenRead(string path) =>
        new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);

    public static string Compute(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <param name="path">The file.</param>
    /// <param name="progress">Receives the bytes that were read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<string> ComputeAsync(
        string path,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = OpenRead(path);
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                progress?.Report(file.Position);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
