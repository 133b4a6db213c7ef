using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace LalalAi.Downloads;

/// <summary>The headers of a response that describe its body.</summary>
internal sealed record ResponseHead
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    public required int Status { get; init; }

    /// <summary>The position of the first byte of a partial response in the track.</summary>
    public long? From { get; init; }

    /// <summary>The position after the last byte of a partial response in the track.</summary>
    public long? End { get; init; }

    /// <summary>The size of the whole track, or <see langword="null"/> if the response does not contain it.</summary>
    public long? Total { get; init; }

    /// <summary>Whether the end of a body without a length can be distinguished from a broken connection.</summary>
    public bool HasVisibleEnd { get; init; }

    /// <summary>The strong entity tag. A weak one does not guarantee the same bytes.</summary>
    public EntityTagHeaderValue? EntityTag { get; init; }

    /// <summary>The name from <c>Content-Disposition</c>, which is not safe yet.</summary>
    public string? FileName { get; init; }

    public string? MediaType { get; init; }

    /// <summary>
    /// The encoding of the body, or <see langword="null"/> for none. With an encoding, lengths and ranges refer to other bytes.
    /// </summary>
    public string? ContentEncoding { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static ResponseHead Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var headers = response.Content.Headers;
        var isWhole = response.StatusCode == HttpStatusCode.OK;
        var range = !isWhole && headers.ContentRange is { Unit: "bytes" } bytes ? bytes : null;
        return new ResponseHead
        {
            Status = (int)response.StatusCode,
            From = range?.From,
            End = range?.To + 1,
            Total = isWhole ? headers.ContentLength : range?.Length,
            HasVisibleEnd = response.Headers.TransferEncodingChunked == true || response.Version.Major >= 2,
            EntityTag = response.Headers.ETag is { IsWeak: false } tag ? tag : null,
            FileName = ReadFileName(headers),
            MediaType = headers.ContentType?.MediaType,
            ContentEncoding = headers.ContentEncoding.FirstOrDefault(
                encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)),
            RetryAfter = LalalAi.RetryAfter.Read(response, now),
        };
    }

    /// <summary>Returns why the response cannot be the track, independent of earlier responses, or <see langword="null"/>.</summary>
    /// <param name="size">The size that the task reported.</param>
    public string? FindProblem(long? size) =>
        ContentEncoding is { } encoding ? $"answered in {encoding} encoding instead of plain media"
        : IsDocument(MediaType?.ToLowerInvariant()) ? $"answered with {MediaType} instead of media"
        : Total == 0 ? "answered with an empty body"
        : Total is { } total && size is not null && total != size
            ? $"answered with a track of {total} bytes, and the task reported {size} bytes"
        : null;

    private static bool IsDocument(string? type) =>
        type is "text/html" or "text/xml" or "text/json" or "application/json" or "application/xml"
        || (type is not null && (type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)));

    private static string? ReadFileName(HttpContentHeaders headers)
    {
        ContentDispositionHeaderValue? disposition = null;
        try
        {
            disposition = headers.ContentDisposition;
        }
        catch (FormatException)
        {
            // The encoded name is malformed.
        }

        return string.IsNullOrWhiteSpace(disposition?.FileNameStar)
            ? RepairUtf8(disposition?.FileName?.Trim('"'))
            : disposition!.FileNameStar;
    }

    /// <summary>Decodes headers, which are read as Latin-1, as UTF-8 if they are valid UTF-8.</summary>
    private static string? RepairUtf8(string? text)
    {
        if (text is null || text.All(character => character < 0x80) || text.Any(character => character > 0xFF))
        {
            return text;
        }

        try
        {
            return StrictUtf8.GetString(Latin1.GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }
}
