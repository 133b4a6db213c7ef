using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Http;

/// <summary>The file name in an upload's <c>Content-Disposition</c>, in the forms of RFC 6266 and RFC 8187.</summary>
internal static class UploadName
{
    private const string Attachment = "attachment";

    /// <returns>The bare name, or null when the header cannot be understood.</returns>
    public static string? TryParse(StringValues header)
    {
        if (header is not [{ } text]
            || !text.All(char.IsAscii)
            || !ContentDispositionHeaderValue.TryParse(text, out var disposition)
            || !disposition.DispositionType.Equals(Attachment, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // The extended form wins over the plain one, whichever comes first.
        var extended = disposition.Parameters.FirstOrDefault(
            parameter => parameter.Name.Equals("filename*", StringComparison.OrdinalIgnoreCase));
        return Bare(extended is null ? Plain(disposition) : disposition.FileNameStar.Value);
    }

    // Read as it stands: the framework's own property decodes the form of mail headers (RFC 2047), which has no place here.
    private static string? Plain(ContentDispositionHeaderValue disposition) =>
        disposition.Parameters.FirstOrDefault(
            parameter => parameter.Name.Equals("filename", StringComparison.OrdinalIgnoreCase)) is { } parameter
            ? HeaderUtilities.UnescapeAsQuotedString(parameter.Value).Value
            : null;

    // A client that sends its local path gives away more than the service needs.
    private static string? Bare(string? name)
    {
        var bare = new string([.. (name ?? "").Split('/', '\\')[^1].Where(character => !char.IsControl(character))]).Trim();
        return bare is "" or "." or ".." ? null : bare;
    }
}
