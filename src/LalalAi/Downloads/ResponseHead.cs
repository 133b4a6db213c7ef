using System.Net.Http.Headers;

namespace LalalAi.Downloads;

/// <summary>What an answer says about its body.</summary>
internal sealed record ResponseHead
{
    public required int Status { get; init; }

    /// <summary>The place in the file that the body begins at, or <see langword="null"/> when a partial answer does not say.</summary>
    public required long? Offset { get; init; }

    /// <summary>The length of the whole file, when it is known.</summary>
    public required long? Total { get; init; }

    /// <summary>Whether nothing but the end of the connection marks the end of the body, so that a broken connection looks like the end.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>The strong entity tag; a weak one does not promise the same bytes.</summary>
    public EntityTagHeaderValue? EntityTag { get; init; }

    /// <summary>The name from <c>Content-Disposition</c>, as it came.</summary>
    public string? FileName { get; init; }

    public string? MediaType { get; init; }

    /// <summary>The encoding of the body, which must be none: lengths and ranges would count something else.</summary>
    public string? ContentEncoding { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static ResponseHead From(HttpResponseMessage response, DateTimeOffset now)
    {
        var headers = response.Content.Headers;
        var isPartial = response.StatusCode == System.Net.HttpStatusCode.PartialContent;
        var range = headers.ContentRange is { Unit: "bytes" } bytes ? bytes : null;
        return new ResponseHead
        {
            Status = (int)response.StatusCode,
            Offset = isPartial ? range?.From : 0,
            Total = isPartial ? range?.Length : headers.ContentLength,
            IsOpenEnded = headers.ContentLength is null && response.Headers.TransferEncodingChunked != true && response.Version.Major < 2,
            EntityTag = response.Headers.ETag is { IsWeak: false } tag ? tag : null,
            FileName = ContentDispositionName.Read(headers),
            MediaType = headers.ContentType?.MediaType,
            ContentEncoding = headers.ContentEncoding.FirstOrDefault(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)),
            RetryAfter = Http.RetryAfter.Read(response, now),
        };
    }

    /// <summary>Whether the body goes on with the same file where a destination ends.</summary>
    public bool Continues(IDownloadTarget target) =>
        Offset == target.Length
        && (Total is null || target.Total is null || Total == target.Total)
        && (EntityTag is null || target.Validator is null || EntityTag.Equals(target.Validator));
}
