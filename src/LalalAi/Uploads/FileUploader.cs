using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Models;
using LalalAi.Telemetry;
using Newtonsoft.Json.Linq;

namespace LalalAi.Uploads;

/// <summary>
/// Uploads content as a stream, a limited number at the same time. A failed attempt is retried from the content's start if the content
/// can seek.
/// </summary>
internal sealed class FileUploader(ApiCaller api, TransferLimiter limiter, LalalAiClientOptions options)
{
    private const int ExpectationFailed = 417;

    // Some proxies reject the expectation, and would reject the next one too.
    private volatile bool _isExpectationRejected;

    public async Task<SourceFile> UploadAsync(
        Stream content,
        string fileName,
        UploadOptions? uploadOptions,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var name = UploadFileName.Clean(fileName ?? throw new ArgumentNullException(nameof(fileName)));
        var measured = await UploadContent.MeasureAsync(content, uploadOptions?.Length, cancellationToken).ConfigureAwait(false);
        using var turn = await limiter.EnterAsync(cancellationToken).ConfigureAwait(false);
        return await UploadAsync(measured, name, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SourceFile> UploadAsync(
        UploadContent content, string name, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var disposition = UploadFileName.ToContentDisposition(name);
        var meter = new TransferMeter(options.TimeProvider, progress, content.Length);
        var source = await api.CallAsync(
            "Upload",
            Timeout.InfiniteTimeSpan,
            canRetry: _ => content.Stream.CanSeek,
            async (raw, attempt) =>
            {
                try
                {
                    return await SendAsync((LalalAiApiClient)raw, content, name, disposition, meter, attempt).ConfigureAwait(false);
                }
                catch (ApiException exception) when (
                    exception.StatusCode == ExpectationFailed
                    && !_isExpectationRejected
                    && (content.Stream.CanSeek || meter.Transferred == 0))
                {
                    _isExpectationRejected = true;
                    return await SendAsync((LalalAiApiClient)raw, content, name, disposition, meter, attempt).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        meter.Report();
        return source;
    }

    private async Task<SourceFile> SendAsync(
        LalalAiApiClient raw,
        UploadContent content,
        string name,
        string disposition,
        TransferMeter meter,
        CancellationToken cancellationToken)
    {
        if (content.Stream.CanSeek)
        {
            content.Stream.Position = content.Start;
        }

        meter.Restart(0);
        raw.ExpectContinue = !_isExpectationRejected;
        using var timeout = new InactivityTimeout(options.TimeProvider, options.InactivityTimeout, cancellationToken);
        using var body = new UploadStream(content, meter, timeout, options.UploadResponseTimeout);
        try
        {
            return Read(await raw.UploadAsync(disposition, body, timeout.Token).ConfigureAwait(false), name);
        }
        catch (ApiException exception) when (exception.StatusCode is >= 200 and < 300 && TryRead(exception.Response, name) is { } source)
        {
            return source;
        }
        catch (Exception exception) when (
            timeout.HasExpired
            && !cancellationToken.IsCancellationRequested
            && ConnectionFailure.Matches(exception))
        {
            throw new TimeoutException(Describe(body, meter, timeout), exception);
        }
        catch (Exception) when (body.ReadFailure is { } failure && !cancellationToken.IsCancellationRequested)
        {
            throw new LalalAiException(
                failure is InvalidDataException
                    ? $"Upload: {failure.Message}"
                    : $"Upload: the content could not be read after {meter.Transferred} bytes. {failure.Message}",
                failure);
        }
        finally
        {
            timeout.Cancel();
            await body.CloseAsync().ConfigureAwait(false);
            LalalAiTelemetry.RecordTransfer("upload", meter.Transferred);
        }
    }

    private static SourceFile Read(UploadResponse response, string name) => new()
    {
        Id = new SourceId(string.IsNullOrEmpty(response.Id)
            ? throw new LalalAiApiException("Upload: the service answered without an ID, so the file cannot be used.", 200)
            : response.Id),
        Name = response.Name ?? name,
        Size = response.Size,
        Duration = ServiceTime.Duration(response.Duration),
        ExpiresAt = ServiceTime.FromUnixSeconds(response.Expires),
    };

    /// <summary>Reads the ID from a response whose other fields violate the contract.</summary>
    private static SourceFile? TryRead(string? response, string name)
    {
        try
        {
            return response is not null && JObject.Parse(response) is var json && Text(json["id"]) is { Length: > 0 } id
                ? new SourceFile { Id = new SourceId(id), Name = Text(json["name"]) ?? name }
                : null;
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return null;
        }

        static string? Text(JToken? token) => token is JValue { Type: JTokenType.String } value ? (string?)value : null;
    }

    private static string Describe(UploadStream body, TransferMeter meter, InactivityTimeout timeout)
    {
        if (body.IsComplete)
        {
            return $"Upload: the service did not answer within {timeout.Limit} after the last byte.";
        }

        var total = meter.Total is { } known ? $" of {known}" : string.Empty;
        return $"Upload: no bytes were sent for {timeout.Limit}, after {meter.Transferred}{total} bytes. "
            + $"A longer {nameof(LalalAiClientOptions.InactivityTimeout)} allows longer pauses.";
    }
}
