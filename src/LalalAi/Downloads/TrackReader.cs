using System.Net.Http.Headers;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>
/// Reads the bytes of one track in order, over as many requests as it takes: it retries, resumes, renews the link, and verifies each
/// response against what is known of the track. Not thread-safe.
/// </summary>
/// <param name="clients">The connections.</param>
/// <param name="link">The link of the track.</param>
/// <param name="offset">The position of the first byte to read.</param>
/// <param name="canStartOver">
/// Whether a track that cannot be resumed is read again from its first byte. Otherwise it fails once bytes were delivered.
/// </param>
/// <param name="options">The options of the client.</param>
/// <param name="logger">The logger.</param>
internal sealed class TrackReader(
    HttpClients clients, TrackLink link, long offset, bool canStartOver, LalalAiClientOptions options, ILogger logger) : IDisposable
{
    // The service's limit for one file. It applies only while neither the task nor the server says how large the track is.
    private const long MaximumBytes = 10_000_000_000;

    private readonly long _offset = offset;
    private TrackResponse? _response;
    private bool _isEndUnproven;
    private long _furthest = offset;
    private int _retriesWithoutProgress;

    /// <summary>The head of the response that the latest bytes came from, or <see langword="null"/> before the first one.</summary>
    public ResponseHead? Head { get; private set; }

    /// <summary>The strong entity tag of the content that is being read. Without one it cannot be resumed.</summary>
    public EntityTagHeaderValue? EntityTag { get; private set; }

    /// <summary>The position of the next byte.</summary>
    public long Position { get; private set; } = offset;

    /// <summary>The size of the track, if it is known.</summary>
    public long? Total { get; private set; } = link.Size;

    /// <summary>The number of bytes of the track that came over the network.</summary>
    public long Received { get; private set; }

    /// <summary>The number of retries after failures.</summary>
    public int Retries { get; private set; }

    /// <summary>Whether bytes were delivered: only then does the next response have to continue them.</summary>
    private bool HasContent => Position > _offset;

    /// <summary>Continues after the bytes that an earlier download left, if they can be continued.</summary>
    public void Resume(long position, EntityTagHeaderValue? entityTag, long? total)
    {
        var size = total ?? link.Size;
        var isOfThatSize = size == (link.Size ?? size) && !(position > size);
        if (isOfThatSize && (entityTag is not null || position == total))
        {
            _furthest = Position = position;
            EntityTag = entityTag;
            Total = size;
        }
    }

    /// <summary>Sends requests until the beginning of a response is there, and verified. Does nothing if no bytes are left.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken) =>
        await ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Reads the next bytes. If the track started over, they are its first bytes, and <see cref="Position"/> equals their number.
    /// </summary>
    /// <returns>The number of bytes, or 0 at the verified end of the track.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_response is not null || Position != Total)
        {
            try
            {
                if (_response is null)
                {
                    await RequestAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (buffer.IsEmpty)
                {
                    return 0;
                }
                else if (Advance(await _response.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) is > 0 and var read)
                {
                    return read;
                }
            }
            catch (Exception exception)
            {
                CloseResponse();
                if (!IsTransient(exception))
                {
                    throw;
                }

                await PrepareRetryAsync(Translate(exception, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }

        return 0;
    }

    public void Dispose() => CloseResponse();

    /// <summary>Sends a request for the next bytes, and keeps its response if it contains them.</summary>
    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        if (link.Address is null)
        {
            await link.RenewAsync(Position, status: null, cancellationToken).ConfigureAwait(false);
        }

        using var request = CreateRequest();
        var response = await TrackResponse.SendAsync(clients.Downloads, request, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await VerifyAsync(response, isRangeRequested: request.Headers.Range is not null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_response != response)
            {
                response.Dispose();
            }
        }
    }

    private HttpRequestMessage CreateRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link.Address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));

        // A track without a tag is requested from its first byte: nothing would show that a part belongs to the bytes before it.
        var isContinued = HasContent && !_isEndUnproven;
        if (Position > 0 && (EntityTag is not null || !isContinued))
        {
            request.Headers.Range = new RangeHeaderValue(Position, null);
            request.Headers.IfRange = isContinued ? new RangeConditionHeaderValue(EntityTag!) : null;
        }

        return request;
    }

    /// <summary>Decides what a response is: the next bytes, another reason to send a request, or a failure.</summary>
    private async Task VerifyAsync(TrackResponse response, bool isRangeRequested, CancellationToken cancellationToken)
    {
        var head = response.Head;
        if (head.Status is 200 or 206 && head.FindProblem(link.Size) is { } problem)
        {
            throw Unusable(problem, head);
        }

        switch (head.Status)
        {
            case 200 or 206 or 416 when _isEndUnproven:
                ProveEnd(head);
                break;
            case 206 when !isRangeRequested:
                throw Unusable("answered with a part of the track that was not requested", head);
            case 206 when !IsNext(head):
            case 416 when HasContent:
                StartOver();
                break;
            case 200 or 206:
                if (head.Status == 200 && HasContent && !IsSameContent(head))
                {
                    // The server ignores ranges, or the track changed.
                    StartOver();
                }

                await BeginAsync(response, cancellationToken).ConfigureAwait(false);
                break;
            case 416 when Position > 0:
                Total = head.Total == Position ? Position : throw Beyond(head);
                break;
            case 403 or 404 or 410:
                await link.RenewAsync(Position, head.Status, cancellationToken).ConfigureAwait(false);
                if (logger.IsEnabled(LogLevel.Information))
                {
                    Log.LinkRenewed(logger, link.Track.Label, link.Track.TaskId.Value, head.Status);
                }

                break;
            case 408 or 429 or >= 500:
                throw Unusable("answered with an error", head);
            default:
                throw Unusable("answered with something that is not the track", head, canRetry: false);
        }
    }

    /// <summary>Verifies the beginning of a response, and takes over its body.</summary>
    private async Task BeginAsync(TrackResponse response, CancellationToken cancellationToken)
    {
        var head = response.Head;
        var skipped = head.Status == 200 ? Position : 0;
        if (await response.BeginAsync(skipped, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            throw Unusable(problem, head);
        }

        _response = response;
        Head = head;
        EntityTag = head.EntityTag;
        Total = TotalAfter(head);
    }

    /// <summary>Counts what was read, and ends the answer with its last byte.</summary>
    private int Advance(int read)
    {
        var end = Head!.End ?? Total;
        Received += read;
        if (Position + read > (end ?? MaximumBytes))
        {
            // It turned out to be something else: nothing of it is kept.
            Position = canStartOver ? 0 : Position;
            throw end is null
                ? Unusable($"sent more than {MaximumBytes} bytes (10 GB) without saying how large the track is", Head, canRetry: false)
                : Unusable($"sent more than the {end} bytes that the track has", Head, canRetry: canStartOver);
        }

        Position += read;
        if (read > 0)
        {
            return read;
        }

        CloseResponse();
        if (Position < end)
        {
            throw new EndOfStreamException("The response ended too early.");
        }

        if (end is null && !Head.HasVisibleEnd)
        {
            // A body that ends with its connection looks the same when it is cut. The next request asks where the track ends.
            _isEndUnproven = true;
        }
        else
        {
            Total ??= Position;
        }

        return 0;
    }

    /// <summary>
    /// Learns from the response to a request for the bytes behind the end whether there are any. A server that neither knows ranges nor
    /// tells the size of a track leaves it open, and then the download fails: an incomplete track must not pass for a whole one.
    /// </summary>
    private void ProveEnd(ResponseHead head)
    {
        _isEndUnproven = false;
        if (EntityTag is { } tag && head.EntityTag is { } other && !tag.Equals(other))
        {
            throw Unusable("answered with another track", head);
        }

        Total = head.Total ?? (head.Status == 416 ? Position : throw new LalalAiDownloadException(
            $"The track '{link.Track.Label}' ended after {Position} bytes, and nothing shows that it is complete: "
            + "the task reported no size, and the server sends neither a length nor ranges.",
            link.Track,
            head.Status));
        if (Total != Position)
        {
            throw new EndOfStreamException("The response ended too early.");
        }
    }

    /// <summary>Whether a partial response contains the next bytes of the same content: it must prove it.</summary>
    private bool IsNext(ResponseHead head) =>
        head.From == Position && head.End <= TotalAfter(head) && (!HasContent || IsSameContent(head));

    // The same strong tag means the same bytes.
    private bool IsSameContent(ResponseHead head) =>
        EntityTag is not null && EntityTag.Equals(head.EntityTag) && (head.Total is null || Total is null || head.Total == Total);

    /// <summary>Returns the size of the track by a response and what was known before it.</summary>
    private long? TotalAfter(ResponseHead head) => head.Total ?? link.Size ?? (HasContent ? Total : null);

    /// <summary>Forgets what was read: it cannot be continued.</summary>
    private void StartOver()
    {
        if (!canStartOver)
        {
            throw new LalalAiDownloadException(
                $"The track '{link.Track.Label}' changed during the download, or its server cannot resume it safely after {Position} "
                + "bytes. A stream cannot start over. Download the track again, or to a file.",
                link.Track);
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.StartingOver(logger, link.Track.Label, link.Track.TaskId.Value, Position);
        }

        Position = 0;
    }

    /// <summary>Waits before the next request, or throws if no retry is left or safe.</summary>
    private async Task PrepareRetryAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (Position == Total)
        {
            return;
        }

        // More than ever before: a server that sends the same beginning again and again makes no progress.
        if (Position > _furthest)
        {
            _furthest = Position;
            _retriesWithoutProgress = 0;
        }

        if (!canStartOver && HasContent && EntityTag is null && !_isEndUnproven)
        {
            throw new LalalAiDownloadException(
                $"The track '{link.Track.Label}' broke off after {Position} bytes, and its server offers no safe way to resume it. "
                + "Download it again, or to a file.",
                link.Track,
                innerException: failure);
        }

        if (_retriesWithoutProgress == options.MaxRetries || failure is LalalAiConnectionException { IsPermanent: true })
        {
            throw failure;
        }

        var delay = failure is LalalAiDownloadException { RetryAfter: { } asked }
            ? RetryAfter.Limit(asked)
            : Backoff.Delay(_retriesWithoutProgress, options.RetryDelay, Backoff.Maximum);
        _retriesWithoutProgress++;
        Retries++;
        if (logger.IsEnabled(LogLevel.Information))
        {
            var kind = failure.GetType().Name;
            Log.RetryingDownload(logger, link.Track.Label, link.Track.TaskId.Value, kind, Position, _retriesWithoutProgress, delay);
        }

        await options.TimeProvider.Delay(delay, cancellationToken).ConfigureAwait(false);
    }

    private void CloseResponse()
    {
        _response?.Dispose();
        _response = null;
    }

    private static bool IsTransient(Exception exception) =>
        exception is LalalAiDownloadException { CanRetry: true } or TimeoutException || ConnectionFailure.Matches(exception);

    /// <summary>Returns a failure as the caller gets it.</summary>
    private Exception Translate(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // On some targets a canceled transfer ends as a broken one.
            throw new OperationCanceledException("The download was canceled.", exception, cancellationToken);
        }

        if (clients.IsDisposed)
        {
            throw new ObjectDisposedException("Download: the client was disposed during the download.", exception);
        }

        var download =
            $"Download of the track '{link.Track.Label}' after {Position}{(Total is { } total ? $" of {total}" : string.Empty)} bytes";
        return exception switch
        {
            LalalAiDownloadException => exception,
            TimeoutException => new TimeoutException($"{download}: {exception.Message}", exception.InnerException),
            _ => ConnectionFailure.Describe(download, link.Address!, exception),
        };
    }

    private LalalAiDownloadException Unusable(string what, ResponseHead head, bool canRetry = true) => new(
        $"The server of the track '{link.Track.Label}' {what} (HTTP {head.Status}). "
        + "Something between here and the service may have replaced it.",
        link.Track,
        head.Status)
    {
        CanRetry = canRetry,
        RetryAfter = head.RetryAfter,
    };

    private LalalAiDownloadException Beyond(ResponseHead head) => new(
        $"The offset {Position} is beyond the end of the track '{link.Track.Label}'"
        + $"{(head.Total is { } total ? $", which has {total} bytes" : string.Empty)} (HTTP {head.Status}).",
        link.Track,
        head.Status);
}
