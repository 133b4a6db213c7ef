using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Recognizes an upload that was sent as a form. The content type alone does not say so: curl labels every <c>--data-binary</c> as a form,
/// and other clients send the type of the media.
/// </summary>
internal static class FormBody
{
    /// <summary>The number of bytes of the body that are needed.</summary>
    public const int HeadLength = 1024;

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly SearchValues<byte> UrlEncodedBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~*+%&="u8);

    /// <param name="contentType">The content type of the request.</param>
    /// <param name="head">The first bytes of the body.</param>
    public static bool IsForm(string? contentType, ReadOnlySpan<byte> head)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return IsMultipart(head, boundary: "");
        }

        return type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase)
            ? head.Contains((byte)'=') && !head.ContainsAnyExcept(UrlEncodedBytes)
            : IsMultipart(head, HeaderUtilities.RemoveQuotes(type.Boundary).Value ?? "");
    }

    // A boundary in the content type is sufficient. Without one, the first part must look like a form field.
    private static bool IsMultipart(ReadOnlySpan<byte> head, string boundary) =>
        head.StartsWith(Encoding.Latin1.GetBytes($"--{boundary}"))
        && (boundary.Length > 0
            || Encoding.Latin1.GetString(head).Contains("\nContent-Disposition: form-data", StringComparison.OrdinalIgnoreCase));
}
