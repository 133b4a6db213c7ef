using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LalalAi.Testing;

/// <summary>A request as it came over the wire.</summary>
public sealed class ScriptedRequest
{
    public ScriptedRequest(int number, string head)
    {
        Number = number;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Path = lines[0].Split(' ')[1];
        Headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>1 for the first request, and so on.</summary>
    public int Number { get; }

    /// <summary>The path with its query.</summary>
    public string Path { get; }

    /// <summary>The headers, their values byte for byte as Latin-1.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The first byte that was asked for, or <see langword="null"/> when the whole file was.</summary>
    public int? From =>
        Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : null;

    /// <summary>The bytes of the body that were read.</summary>
    public long BodyLength { get; set; }

    /// <summary>Whether the body was read to its end.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The SHA-256 of the body, when it was read to its end.</summary>
    public string? BodyHash { get; set; }

    /// <summary>The start of the body, 64 KiB at most.</summary>
    public MemoryStream Start { get; } = new();

    public string Text => Encoding.UTF8.GetString(Start.ToArray());
}

/// <summary>Looks at a part of a request's body.</summary>
/// <param name="offset">Where the part begins in the body.</param>
/// <param name="part">The part.</param>
public delegate void BodySink(long offset, ReadOnlySpan<byte> part);

/// <summary>Reads one request from a socket, its body plain or in chunks.</summary>
internal sealed class ScriptedRequestReader(NetworkStream stream, CancellationToken cancellationToken) : IDisposable
{
    private const int KeptBytes = 64 * 1024;

    private readonly BufferedStream _input = new(stream, 16 * 1024);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return head.ToString();
            }

            head.Append(line).Append("\r\n");
        }

        return null;
    }

    public async Task ReadBodyAsync(ScriptedRequest request, ScriptedResponse response)
    {
        var limit = response.ReadBytes ?? long.MaxValue;
        if (request.Headers.TryGetValue("Content-Length", out var length))
        {
            var total = long.Parse(length, CultureInfo.InvariantCulture);
            request.IsComplete = await ReadPartAsync(request, response, Math.Min(total, limit)) && request.BodyLength == total;
        }
        else if (request.Headers.ContainsKey("Transfer-Encoding"))
        {
            while (request.BodyLength < limit && await ReadLineAsync() is { } size)
            {
                var chunk = long.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var isWhole = await ReadPartAsync(request, response, Math.Min(chunk, limit - request.BodyLength));
                if (chunk == 0 || !isWhole || request.BodyLength == limit)
                {
                    request.IsComplete = chunk == 0;
                    break;
                }

                await ReadLineAsync();
            }
        }

        request.BodyHash = request.IsComplete ? Convert.ToHexString(_hash.GetHashAndReset()) : null;
    }

    public void Dispose()
    {
        _input.Dispose();
        _hash.Dispose();
    }

    private async Task<bool> ReadPartAsync(ScriptedRequest request, ScriptedResponse response, long count)
    {
        while (count > 0)
        {
            var read = await _input.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(count, _buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            Look(request, response, _buffer.AsSpan(0, read));
            request.BodyLength += read;
            count -= read;
        }

        return true;
    }

    private void Look(ScriptedRequest request, ScriptedResponse response, ReadOnlySpan<byte> part)
    {
        if (response.Sink is { } sink)
        {
            sink(request.BodyLength, part);
            return;
        }

        _hash.AppendData(part);
        request.Start.Write(part[..(int)Math.Min(part.Length, KeptBytes - request.Start.Length)]);
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _input.ReadAsync(one, cancellationToken) > 0)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
