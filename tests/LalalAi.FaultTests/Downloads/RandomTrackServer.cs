namespace LalalAi.FaultTests.Downloads;

/// <summary>
/// A server whose every response is drawn from a seed: lengths, tags, ranges, encodings, pages and broken connections, and a track that
/// changes. It does everything wrong that a client can notice, and nothing that it cannot.
/// </summary>
internal sealed class RandomTrackServer : IAsyncDisposable
{
    private static readonly string[] Documents =
        ["<!DOCTYPE html><html></html>", "{\"detail\": \"expired\"}", "<?xml version=\"1.0\"?><Error/>", ""];

    private readonly int _seed;
    private readonly ScriptedServer _server;
    private readonly bool _hasStrongTags;
    private readonly int[] _changesAt;

    public RandomTrackServer(int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        _hasStrongTags = random.Next(3) > 0;
        IsSizeKnown = random.Next(2) == 0;
        var length = random.Next(1, 60_000);

        // Versions of one length are the ones that can be mixed up.
        var hasOneLength = random.Next(2) == 0;
        Versions =
            [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => MakeContent(random, hasOneLength ? length : random.Next(1, 60_000)))];
        _changesAt = [.. Enumerable.Range(1, Versions.Count - 1).Select(_ => random.Next(1, 6)).Order()];
        _server = ScriptedServer.Start(Answer);
    }

    public Uri Address => _server.Address;

    /// <summary>What the track has been, one after another.</summary>
    public IReadOnlyList<byte[]> Versions { get; }

    /// <summary>Whether the task reports the size of the latest version.</summary>
    public bool IsSizeKnown { get; }

    public int Requests => _server.Requests.Count;

    public long? Size => IsSizeKnown ? Versions[^1].Length : null;

    /// <summary>From now on the server does everything right.</summary>
    public bool IsCalm { get; set; }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ScriptedResponse Answer(ScriptedRequest request)
    {
        var random = new Random(unchecked((_seed * 1_000_003) + request.Number));
        var version = IsCalm ? Versions.Count - 1 : _changesAt.Count(at => request.Number > at);
        var content = Versions[version];
        var tag = _hasStrongTags ? $"\"v{version}\"" : random.Next(2) == 0 ? "W/\"same\"" : null;
        var response = ScriptedResponse.File(request, content, tag);
        if (IsCalm)
        {
            return response;
        }

        switch (random.Next(12))
        {
            case 0:
                return new ScriptedResponse { Status = random.Next(2) == 0 ? 503 : 500 };
            case 1:
                return response with { Content = System.Text.Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]), Status = 200 };
            case 2:
                return response with { Headers = [.. response.Headers, "Content-Encoding: gzip"] };
            case 3:
                response = ScriptedResponse.File(request, content, tag, ranges: false);
                break;
            case 4 or 5 when request.From is { } from && from < content.Length:
                // It ignores the condition: another version, with its own tag, a weak one, or none.
                string?[] tags = [tag, null, "W/\"same\""];
                response = Part(content, from, content.Length, tags[random.Next(tags.Length)]);
                break;
            case 6 when request.From is { } asked && asked < content.Length:
                // Another range than the one that was asked for, or only a part of it.
                var begin = random.Next(2) == 0 ? asked : random.Next(content.Length);
                response = Part(content, begin, random.Next(begin + 1, content.Length + 1), tag);
                break;
        }

        var isOpenEnded = random.Next(4) == 0;
        var cut = random.Next(3) > 0 ? random.Next(response.Content.Length + 1) : (int?)null;
        if (isOpenEnded)
        {
            return response with { ContentLength = -1, CutAfter = cut };
        }

        // A length that is too long is noticed by HTTP, one that is too short by the size of the task.
        var lie = random.Next(6) switch
        {
            0 => response.Content.Length + random.Next(1, 1000),
            1 when IsSizeKnown && response.Content.Length > 1 => random.Next(response.Content.Length),
            _ => (long?)null,
        };
        return response with { ContentLength = lie, CutAfter = cut };
    }

    private static ScriptedResponse Part(byte[] content, int from, int end, string? tag)
    {
        List<string> headers = ["Content-Type: audio/wav", $"Content-Range: bytes {from}-{end - 1}/{content.Length}"];
        if (tag is not null)
        {
            headers.Add($"ETag: {tag}");
        }

        return new ScriptedResponse { Status = 206, Content = content[from..end], Headers = headers };
    }

    private static byte[] MakeContent(Random random, int length)
    {
        var content = new byte[length];
        random.NextBytes(content);

        // Not text by chance.
        content[0] = (byte)'R';
        return content;
    }
}
