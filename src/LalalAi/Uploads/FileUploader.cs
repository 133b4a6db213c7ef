using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Models;
using LalalAi.Telemetry;

namespace LalalAi.Uploads;

/// <summary>Uploads content as a stream, and again from its start when an attempt failed and the content can be rewound.</summary>
internal sealed class FileUploader(ApiCaller api, LalalAiClientOptions options)
{
    /// <summary>The service's limit for one file.</summary>
    public const long MaximumBytes = 10L * 1024 * 1024 * 1024;

    public async Task<SourceFile> UploadAsync(
        Stream content, string fileName, UploadOptions? uploadOptions, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var name = UploadFileName.Clean(fileName ?? throw new ArgumentNullException(nameof(fileName)));
        var total = Measure(content ?? throw new ArgumentNullException(nameof(content))) ?? uploadOptions?.Length;
        return await UploadAsync(content, name, total, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SourceFile> UploadAsync(Stream content, string name, long? total, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var start = content.CanSeek ? content.Position : 0;
        var disposition = UploadFileName.ToContentDisposition(name);
        var meter = new TransferMeter(options.TimeProvider, progress, total);
        var response = await api.CallAsync(
            "Upload",
            Timeout.InfiniteTimeSpan,
            canRepeat: _ => content.CanSeek,
            async (raw, attempt) =>
            {
                if (content.CanSeek)
                {
                    content.Position = start;
                }

                meter.Restart(0);
                using var watch = new InactivityWatch(options.TimeProvider, options.InactivityTimeout, attempt);
                using var body = new UploadStream(content, start, meter, watch, options.UploadResponseTimeout);
                try
                {
                    var uploaded = await raw.UploadAsync(disposition, body, watch.Token).ConfigureAwait(false);
                    return !string.IsNullOrEmpty(uploaded.Id) ? uploaded : throw new ApiException("There is no id in the answer.", 200, null, new Dictionary<string, IEnumerable<string>>(), null);
                }
                catch (Exception exception) when (watch.HasExpired && !attempt.IsCancellationRequested && exception is OperationCanceledException or IOException or HttpRequestException)
                {
                    throw new TimeoutException(Describe(body, meter, watch), exception);
                }
                catch (Exception) when (body.ReadFailure is { } failure && !attempt.IsCancellationRequested)
                {
                    throw new LalalAiException($"Upload: the content could not be read after {meter.Transferred} bytes. {failure.Message}", failure);
                }
                finally
                {
                    LalalAiTelemetry.RecordTransfer("upload", meter.Transferred);
                }
            },
            cancellationToken).ConfigureAwait(false);
        meter.Report();
        return new SourceFile
        {
            Id = new SourceId(response.Id),
            Name = response.Name ?? name,
            Size = response.Size,
            Duration = response.Duration is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ExpiresAt = UnixTime.FromSeconds(response.Expires),
        };
    }

    private static long? Measure(Stream content)
    {
        if (!content.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(content));
        }

        if (!content.CanSeek)
        {
            return null;
        }

        var length = content.Length - content.Position;
        return length switch
        {
            <= 0 => throw new ArgumentException("There is nothing to upload: the content is empty, or the stream stands at its end.", nameof(content)),
            > MaximumBytes => throw new ArgumentException($"The content has {length} bytes; the service takes {MaximumBytes} (10 GB) at most.", nameof(content)),
            _ => length,
        };
    }

    private static string Describe(UploadStream body, TransferMeter meter, InactivityWatch watch) => body.IsComplete
        ? $"Upload: the service did not answer within {watch.Limit} after the last byte."
        : $"Upload: nothing moved for {watch.Limit}, after {meter.Transferred} bytes{(meter.Total is { } total ? $" of {total}" : string.Empty)}. A longer {nameof(LalalAiClientOptions.InactivityTimeout)} allows longer pauses.";
}
