using System.Text;

namespace LalalAi.Testing;

/// <summary>What a <see cref="ScriptedServer"/> does with a request, and what it answers.</summary>
public sealed record ScriptedResponse
{
    private readonly byte[] _content = [];

    public static Task Forever { get; } = TestLimit.ForeverAsync();

    /// <summary>The connection is reset instead of a response.</summary>
    public static ScriptedResponse Reset { get; } = new() { IsReset = true };

    public int Status { get; init; } = 200;

    /// <summary>Headers, sent as they are.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The body.</summary>
    public byte[] Content
    {
        get => _content;
        init => _content = value;
    }

    /// <summary>The body as text, which is JSON unless <see cref="ContentType"/> says otherwise.</summary>
    public string Body
    {
        get => Encoding.UTF8.GetString(_content);
        init
        {
            _content = Encoding.UTF8.GetBytes(value);
            ContentType ??= "application/json";
        }
    }

    /// <summary>The type of the body; none by default.</summary>
    public string? ContentType { get; init; }

    /// <summary>The length that is promised. By default it is the true one, and none if negative.</summary>
    public long? ContentLength { get; init; }

    /// <summary>The bytes of the request's body that are read before anything is answered; all by default.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Looks at the request's body instead of hashing it.</summary>
    public BodySink? Sink { get; init; }

    /// <summary>Decides anew when the request's body was read.</summary>
    public Func<ScriptedRequest, ScriptedResponse>? Then { get; init; }

    /// <summary>What the server waits for before it answers, or after <see cref="HoldAfter"/> bytes of the body.</summary>
    public Task? HoldUntil { get; init; }

    /// <summary>The bytes of the body after which the server waits, forever unless <see cref="HoldUntil"/> says otherwise.</summary>
    public int? HoldAfter { get; init; }

    /// <summary>The bytes of the body after which the connection ends.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether the connection is reset instead of a response.</summary>
    public bool IsReset { get; init; }

    /// <summary>Whether the rest of the request is read after the response, as a patient server does.</summary>
    public bool Drains { get; init; } = true;

    /// <summary>Answers as a good server does: with the range that was asked for if the validator still fits.</summary>
    public static ScriptedResponse File(
        ScriptedRequest request, byte[] content, string? etag = "\"one\"", string? name = "song.wav", bool ranges = true)
    {
        List<string> headers = ["Content-Type: audio/wav"];
        if (etag is not null)
        {
            headers.Add($"ETag: {etag}");
        }

        if (name is not null)
        {
            headers.Add($"Content-Disposition: attachment; filename=\"{name}\"");
        }

        var isCurrent = !request.Headers.TryGetValue("If-Range", out var condition) || condition == etag;
        if (!ranges || !isCurrent || request.From is not { } from)
        {
            return new ScriptedResponse { Content = content, Headers = headers };
        }

        return from >= content.Length
            ? new ScriptedResponse { Status = 416, Headers = [$"Content-Range: bytes */{content.Length}"] }
            : new ScriptedResponse
            {
                Status = 206,
                Content = content[from..],
                Headers = [.. headers, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"],
            };
    }

    /// <summary>The status line and the headers, as they are sent.</summary>
    public byte[] Head()
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} Status\r\nConnection: close\r\n");
        if (ContentType is not null)
        {
            head.Append("Content-Type: ").Append(ContentType).Append("\r\n");
        }

        if ((ContentLength ?? Content.Length) is var length and >= 0)
        {
            head.Append("Content-Length: ").Append(length).Append("\r\n");
        }

        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }
}
