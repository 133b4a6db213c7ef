using System.Buffers;
using System.Net.Http.Headers;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>Brings the bytes of one track to a target, in as many requests as it takes.</summary>
internal sealed class TrackTransfer(HttpClients clients, DownloadLink link, IDownloadTarget target, TransferMeter meter, LalalAiClientOptions options, ILogger logger)
{
    // Each write to a file is handed to another thread, so that few large ones cost less than many small ones.
    private const int BufferSize = 256 * 1024;

    /// <summary>The requests that were sent again after a failure.</summary>
    public int Repetitions { get; private set; }

    /// <summary>The bytes that came over the network.</summary>
    public long Received { get; private set; }

    /// <summary>Runs until the target is complete.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        meter.Total = target.Total;
        meter.Restart(target.Length);
        var most = target.Length;
        var fruitless = 0;
        while (target.Total is null || target.Length != target.Total)
        {
            var outcome = await AttemptAsync(cancellationToken).ConfigureAwait(false);
            if (outcome.IsComplete)
            {
                break;
            }

            if (outcome.Failure is not { } failure)
            {
                continue;
            }

            // More than ever before, so that a server which sends the same beginning again and again does not count as progress.
            if (target.Length > most)
            {
                most = target.Length;
                fruitless = 0;
            }

            if (!target.CanStartOver && target.Validator is null)
            {
                throw new LalalAiDownloadException($"The track '{link.Track.Label}' broke off after {target.Length} bytes, and its server offers no safe way to go on from there. Download it to a file or again.", link.Track, innerException: failure);
            }

            if (fruitless == options.MaxRetries)
            {
                throw failure;
            }

            var delay = RepetitionDelay.Of(fruitless++, options.RetryDelay, outcome.RetryAfter);
            Repetitions++;
            if (logger.IsEnabled(LogLevel.Information))
            {
                var kind = failure.GetType().Name;
                Log.RepeatingDownload(logger, link.Track.Label, link.Track.TaskId.Value, kind, target.Length, fruitless, delay);
            }

            await options.TimeProvider.Delay(delay, cancellationToken).ConfigureAwait(false);
        }

        meter.Report();
    }

    private async Task<Outcome> AttemptAsync(CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        using (var request = CreateRequest())
        using (var watch = new InactivityWatch(options.TimeProvider, options.InactivityTimeout, cancellationToken))
        {
            try
            {
                response = await clients.Downloads.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                return Outcome.Failed(Translate(exception, watch.HasExpired, cancellationToken));
            }
        }

        using (response)
        {
            var head = ResponseHead.From(response, options.TimeProvider.GetUtcNow());
            return head.Status switch
            {
                200 or 206 => await ReceiveAsync(response, head, cancellationToken).ConfigureAwait(false),
                403 or 404 or 410 => await RenewAsync(head.Status, cancellationToken).ConfigureAwait(false),
                416 when target.Length > 0 => StartOver(),
                408 or 429 or >= 500 => Outcome.Failed(Refused(head.Status), head.RetryAfter),
                _ => throw Refused(head.Status),
            };
        }
    }

    private HttpRequestMessage CreateRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link.Address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (target.Length > 0 && target.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(target.Length, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(validator);
        }

        return request;
    }

    private async Task<Outcome> RenewAsync(int status, CancellationToken cancellationToken)
    {
        await link.RenewAsync(status, cancellationToken).ConfigureAwait(false);
        Log.LinkRenewed(logger, link.Track.Label, link.Track.TaskId.Value, status);
        return Outcome.Again;
    }

    private Outcome StartOver()
    {
        if (!target.CanStartOver)
        {
            throw Changed();
        }

        Log.StartingOver(logger, link.Track.Label, link.Track.TaskId.Value, target.Length);
        target.Discard();
        return Outcome.Again;
    }

    private async Task<Outcome> ReceiveAsync(HttpResponseMessage response, ResponseHead head, CancellationToken cancellationToken)
    {
        if (head.ContentEncoding is not null || head.MediaType is "text/html")
        {
            // A page of a gateway's, or a proxy that did not listen.
            return Outcome.Failed(new LalalAiDownloadException($"The track '{link.Track.Label}' came as {head.MediaType ?? "content"}{(head.ContentEncoding is { } encoding ? $" in {encoding} encoding" : string.Empty)} instead of plain media. Something between here and the service may have replaced it.", link.Track, head.Status));
        }

        if (head.Status == 206 && !head.Continues(target))
        {
            return target.Length > 0 ? StartOver() : Outcome.Failed(Refused(head.Status));
        }

        if (head.Status == 200 && target.Length > 0 && !target.CanStartOver)
        {
            throw Changed();
        }

        // Nothing but the check tells then whether the body broke off.
        if (head is { IsOpenEnded: true, Total: null } && link.Track.Size is { } size)
        {
            head = head with { Total = size };
        }

        if (!target.Begin(head))
        {
            meter.Total = head.Total;
            meter.Restart(head.Total ?? 0);
            return Outcome.Complete;
        }

        meter.Total = target.Total;
        meter.Restart(target.Length);
        meter.Report();
        if (await CopyAsync(response, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            return Outcome.Failed(failure);
        }

        return target.Total is not { } total || target.Length == total ? Outcome.Complete
            : target.Length < total ? Outcome.Failed(new LalalAiConnectionException($"Download: {link.Address.Host} ended the track '{link.Track.Label}' after {target.Length} bytes of {total}.", new EndOfStreamException()))
            : StartOverAfter(Refused(head.Status));
    }

    /// <returns>What broke it, or <see langword="null"/> when the body came to its end.</returns>
    private async Task<Exception?> CopyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
#if NET
        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        var content = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        using var body = new WatchedBody(content, options, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await body.ReadAsync(buffer, BufferSize).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
                {
                    return Translate(exception, body.HasExpired, cancellationToken);
                }

                if (read == 0)
                {
                    return null;
                }

                await target.WriteAsync(buffer, read, cancellationToken).ConfigureAwait(false);
                Received += read;
                meter.Add(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Outcome StartOverAfter(Exception failure)
    {
        StartOver();
        return Outcome.Failed(failure);
    }

    private Exception Translate(Exception exception, bool hasExpired, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // On some targets a cancelled transfer ends as a broken one.
            throw new OperationCanceledException("The download was cancelled.", exception, cancellationToken);
        }

        var soFar = $"after {target.Length} bytes{(target.Total is { } total ? $" of {total}" : string.Empty)}";
        return hasExpired
            ? new TimeoutException($"Download: nothing moved for {options.InactivityTimeout}, {soFar} of the track '{link.Track.Label}'. A longer {nameof(LalalAiClientOptions.InactivityTimeout)} allows longer pauses.", exception)
            : new LalalAiConnectionException($"Download: the connection to {link.Address.Host} failed {soFar} of the track '{link.Track.Label}'. {exception.Message}", exception);
    }

    private LalalAiDownloadException Refused(int status) =>
        new($"The server of the track '{link.Track.Label}' gave an answer that is of no use (HTTP {status}).", link.Track, status);

    private LalalAiDownloadException Changed() =>
        new($"The track '{link.Track.Label}' changed while it was being downloaded, or its server cannot go on after {target.Length} bytes, and what was written to the stream cannot be taken back. Download it to a file or again.", link.Track);

    /// <summary>What came of one request: all there is, a reason to send another at once, or a failure that may pass.</summary>
    private readonly record struct Outcome(bool IsComplete, Exception? Failure, TimeSpan? RetryAfter)
    {
        public static Outcome Complete => new(true, null, null);

        public static Outcome Again => default;

        public static Outcome Failed(Exception failure, TimeSpan? retryAfter = null) => new(false, failure, retryAfter);
    }
}
