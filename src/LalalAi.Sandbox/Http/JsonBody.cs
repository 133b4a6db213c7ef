using System.Globalization;
using System.Net.Mime;
using System.Numerics;
using System.Text;
using System.Text.Json;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LalalAi.Sandbox.Http;

/// <summary>Reads a JSON request body and validates it against the contract.</summary>
internal static class JsonBody
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The body, or the response to a request without a valid body.</summary>
    public static async Task<(JObject? Body, ApiResponse? Error)> ReadAsync(
        HttpRequest request,
        JsonSchema schema,
        Predicate<ValidationDetail> waive,
        CancellationToken cancellationToken)
    {
        if (await ReadBytesAsync(request, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return (null, ErrorResponses.BodyTooLarge);
        }

        request.HttpContext.Features.Get<RequestEntry>()?.Received(bytes);
        if (bytes.Length == 0)
        {
            return (null, ErrorResponses.Unprocessable(ValidationDetail.MissingBody));
        }

        // Without a JSON content type, the service treats the body as a string.
        if (!IsJson(request.ContentType))
        {
            return (null, ErrorResponses.Unprocessable(ValidationDetail.NotAnObject));
        }

        if (FindSyntaxError(bytes) is { } position)
        {
            return (null, ErrorResponses.Unprocessable(new ValidationDetail(["body", position], "JSON decode error", "json_invalid")));
        }

        var value = Parse(bytes);
        var faults = SchemaValidation.Validate(schema, value).Where(fault => !waive(fault)).ToArray();
        return (faults.Length, value) switch
        {
            (0, JObject body) => (body, null),
            (_, JValue { Type: JTokenType.Null }) => (null, ErrorResponses.Unprocessable(ValidationDetail.MissingBody)),
            (0, _) => (null, ErrorResponses.Unprocessable(ValidationDetail.NotAnObject)),
            _ => (null, ErrorResponses.Unprocessable(faults)),
        };
    }

    /// <summary>Reads the body for the log, if the response does not depend on it.</summary>
    public static async Task LogAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<RequestEntry>() is { HasRequestBody: false } entry
            && await ReadBytesAsync(request, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            entry.Received(bytes);
        }
    }

    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
            {
                return null;
            }

            buffer.Write(block, 0, read);
        }

        return buffer.ToArray();
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
                && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));

    // Newtonsoft.Json accepts comments, single quotes and other invalid syntax, so a strict parser checks the syntax.
    private static int? FindSyntaxError(byte[] bytes)
    {
        try
        {
            _ = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetCharCount(bytes);
            using var document = JsonDocument.Parse(bytes);
            return null;
        }
        catch (DecoderFallbackException exception)
        {
            return exception.Index;
        }
        catch (System.Text.Json.JsonException exception)
        {
            return (int)(exception.BytePositionInLine ?? 0);
        }
    }

    private static JToken Parse(byte[] bytes)
    {
        using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(bytes)))
        {
            DateParseHandling = DateParseHandling.None,
            Culture = CultureInfo.InvariantCulture,
        };
        return Bound(JToken.ReadFrom(reader));
    }

    // The validator cannot compare integers of more than 64 bits. As floating-point numbers, they exceed every range too.
    private static JToken Bound(JToken body)
    {
        var values = body is JContainer container ? container.Descendants().OfType<JValue>() : [];
        foreach (var value in values.Where(value => value.Value is BigInteger).ToArray())
        {
            value.Value = (double)(BigInteger)value.Value!;
        }

        return body;
    }
}
