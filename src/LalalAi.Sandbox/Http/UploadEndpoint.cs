using System.Buffers;
using System.Net.Mime;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.State;
using Microsoft.Net.Http.Headers;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/upload/</c>: the raw bytes go from the socket to a file, whatever their number.</summary>
internal sealed class UploadEndpoint(FileStore files, SandboxOptions options)
{
    private static readonly ValidationDetail NameMissing = new(["header", HeaderNames.ContentDisposition], "Field required", "missing");

    private static readonly ValidationDetail NameUnreadable = new(
        ["header", HeaderNames.ContentDisposition],
        "Input should be 'attachment; filename=<filename>' (see RFC 6266)",
        "value_error");

    private static readonly ValidationDetail NotRawBytes = new(
        ["header", HeaderNames.ContentType],
        $"Input should be raw bytes ('{MediaTypeNames.Application.Octet}'), neither a form nor JSON",
        "value_error");

    public void AddTo(ApiOperations operations) => operations.Add("upload/", HandleAsync);

    private static bool IsRawBytes(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Application.Octet, StringComparison.OrdinalIgnoreCase));

    private async Task<ApiAnswer> HandleAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var headers = request.Http.Headers;
        if (headers.ContentDisposition.Count == 0)
        {
            return ErrorAnswers.Unprocessable(NameMissing);
        }

        if (UploadName.TryParse(headers.ContentDisposition) is not { } name)
        {
            return ErrorAnswers.Unprocessable(NameUnreadable);
        }

        if (!IsRawBytes(request.Http.ContentType))
        {
            return ErrorAnswers.Unprocessable(NotRawBytes);
        }

        if (request.Http.ContentLength > options.MaxUploadBytes)
        {
            return ErrorAnswers.BadRequest(Refusal.TooLarge);
        }

        return await StoreAsync(request, name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ApiAnswer> StoreAsync(ApiRequest request, string name, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var path = files.SourcePath(id);
        var kept = false;
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                if (!await TryCopyAsync(request.Http.Body, file, cancellationToken).ConfigureAwait(false))
                {
                    return ErrorAnswers.BadRequest(Refusal.TooLarge);
                }

                if (file.Length == 0)
                {
                    return ErrorAnswers.Unprocessable(ValidationDetail.MissingBody);
                }

                file.Position = 0;
                var wave = WaveLayout.TryRead(file);
                var expires = options.TimeProvider.GetUtcNow() + options.SourceLifetime;
                var source = new Source(id, name, path, file.Length, MediaDuration.Seconds(wave, file.Length), wave, expires);
                request.License.Add(source);
                kept = true;
                return Describe(source);
            }
        }
        finally
        {
            if (!kept)
            {
                FileStore.Delete(path);
            }
        }
    }

    private static ApiAnswer Describe(Source source) => ApiAnswer.Ok(new JObject
    {
        ["id"] = source.Id.ToString(),
        ["name"] = source.Name,
        ["size"] = source.Size,
        ["duration"] = source.DurationSeconds,
        ["expires"] = source.Expires.ToUnixTimeSeconds(),
    });

    /// <returns>Whether the whole body was within the limit.</returns>
    private async Task<bool> TryCopyAsync(Stream body, Stream file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(80 * 1024);
        try
        {
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > options.MaxUploadBytes)
                {
                    return false;
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
