using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Http;

/// <summary>The file name in an upload's <c>Content-Disposition</c>, in the forms of RFC 6266 and RFC 8187.</summary>
internal static class UploadName
{
    private const string Attachment = "attachment";

    /// <returns>The name without a path; null when the header cannot be parsed.</returns>
    public static string? TryParse(StringValues header)
    {
        if (header is not [{ } text]
            || !text.All(char.IsAscii)
            || !ContentDispositionHeaderValue.TryParse(text, out var disposition)
            || !disposition.DispositionType.Equals(Attachment, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // The extended form takes precedence, in any order.
        var extended = disposition.Parameters.FirstOrDefault(
            parameter => parameter.Name.Equals("filename*", StringComparison.OrdinalIgnoreCase));
        return Bare(extended is null ? Plain(disposition) : disposition.FileNameStar.Value);
    }

    // Not decoded: the framework's property decodes the syntax of mail headers (RFC 2047), which is not valid here.
    private static string? Plain(ContentDispositionHeaderValue disposition) =>
        disposition.Parameters.FirstOrDefault(
            parameter => parameter.Name.Equals("filename", StringComparison.OrdinalIgnoreCase)) is { } parameter
            ? HeaderUtilities.UnescapeAsQuotedString(parameter.Value).Value
            : null;

    // Some clients send a local path.
    private static string? Bare(string? name)
    {
        var bare = new string([.. (name ?? "").Split('/', '\\')[^1].Where(character => !char.IsControl(character))]).Trim();
        return bare is "" or "." or ".." ? null : bare;
    }
}
