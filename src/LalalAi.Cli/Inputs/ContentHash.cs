using System.Buffers;
using System.Security.Cryptography;

namespace LalalAi.Cli.Inputs;

/// <summary>What a file holds, whatever it is called: its SHA-256, in lower-case hexadecimal.</summary>
internal static class ContentHash
{
    private const int BufferSize = 128 * 1024;

    public static async Task<string> ComputeAsync(string path, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
