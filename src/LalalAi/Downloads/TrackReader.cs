using System.Net.Http.Headers;
using LalalAi.Http;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;

namespace LalalAi.Downloads;

/// <summary>
/// Reads the bytes of one track in order, over as many requests as it takes: it retries, resumes, renews the link, and verifies each answer
/// against what is known of the track. Not thread-safe.
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
    private ResponseBody? _body;
    private long? _bodyEnd;
    private bool _isBegun;
    private long _skipped;
    private bool _isIdentified;
    private bool _isEndUnproven;
    private long? _renewedAt;
    private readonly long _offset = offset;
    private long _furthest = offset;
    private int _fruitless;

    /// <summary>The latest usable answer, or <see langword="null"/> before the first one.</summary>
    public ResponseHead? Head { get; private set; }

    /// <summary>The strong entity tag of the content that is being read. Without one it cannot be resumed.</summary>
    public EntityTagHeaderValue? EntityTag { get; private set; }

    /// <summary>The position of the next byte.</summary>
    public long Position { get; private set; } = offset;

    /// <summary>The size of the track, if it is known.</summary>
    public long? Total { get; private set; } = link.Size;

    /// <summary>The number of bytes of the track that came over the network.</summary>
    public long Received { get; private set; }

    /// <summary>The number of requests that were sent.</summary>
    public int Requests { get; private set; }

    /// <summary>The number of retries after failures.</summary>
    public int Retries { get; private set; }

    /// <summary>Continues after the bytes that an earlier download left, if they can be continued.</summary>
    public void Resume(long position, EntityTagHeaderValue? entityTag, long? total)
    {
        var isComplete = position > 0 && position == total && (link.Size is null || link.Size == total);
        if (isComplete || (entityTag is not null && position > 0 && !(position > (total ?? link.Size))))
        {
            _furthest = Position = position;
            _isIdentified = true;
            EntityTag = entityTag;
            Total = total ?? Total;
        }
    }

    /// <summary>Sends requests until one is answered with the next bytes. Does nothing if no bytes are left.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        while (_body is null && Position != Total)
        {
            if (await TryOpenAsync(cancellationToken).ConfigureAwait(false) is { } failure)
            {
                await PrepareRetryAsync(failure.Reason, failure.RetryAfter, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Opens the track, and reads the beginning of the answer in advance: only it shows whether the answer is media at all.
    /// </summary>
    /// <returns><see langword="false"/> if no bytes are left.</returns>
    public async ValueTask<bool> BeginAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        while (_body is not null && !_isBegun)
        {
            Exception? failure;
            try
            {
                failure = await VerifyBeginningAsync(_body, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (ConnectionFailure.Matches(exception))
            {
                failure = Translate(exception, _body.HasExpired, cancellationToken);
            }

            if (failure is not null)
            {
                await PrepareRetryAsync(failure, null, cancellationToken).ConfigureAwait(false);
                await OpenAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return _body is not null;
    }

    /// <summary>
    /// Reads the next bytes. If the track started over, they are its first bytes, and <see cref="Position"/> equals their number.
    /// </summary>
    /// <returns>The number of bytes, or 0 at the verified end of the track.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!await BeginAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            Exception? failure;
            try
            {
                var read = await _body!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                failure = Advance(read);
                if (failure is null && read > 0)
                {
                    return read;
                }
            }
            catch (Exception exception) when (ConnectionFailure.Matches(exception))
            {
                failure = Translate(exception, _body!.HasExpired, cancellationToken);
            }

            if (failure is not null)
            {
                await PrepareRetryAsync(failure, null, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => CloseBody();

    /// <summary>Counts what was read, and ends the body with it.</summary>
    /// <returns>The failure, if the body is shorter or longer than it must be.</returns>
    private Exception? Advance(int read)
    {
        var position = Position + read;
        Received += read;
        if (position > _bodyEnd)
        {
            return Discard(Unusable($"sent more than the {_bodyEnd} bytes that the track has"));
        }

        Position = position;
        if (read > 0)
        {
            return null;
        }

        CloseBody();
        if (position < _bodyEnd)
        {
            return EndedEarly(_bodyEnd);
        }

        if (_bodyEnd is null && !Head!.HasVisibleEnd)
        {
            // A body that ends with its connection looks the same when it is cut. The next request asks where the track ends.
            _isEndUnproven = true;
            return null;
        }

        Total ??= position;
        return null;
    }

    private async Task<Failure?> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (link.Address is null)
        {
            await RenewAsync(null, cancellationToken).ConfigureAwait(false);
        }

        HttpResponseMessage? response = null;
        using var timeout = new InactivityTimeout(options.TimeProvider, options.InactivityTimeout, cancellationToken);
        try
        {
            using var request = CreateRequest();
            Requests++;
            response = await clients.Downloads
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                .ConfigureAwait(false);
            var head = ResponseHead.Read(response, options.TimeProvider.GetUtcNow());
            switch (head.Status)
            {
                case 200 or 206 or 416 when _isEndUnproven:
                    return ProveEnd(head);
                case 200 or 206:
                    return await AcceptAsync(response, head, request.Headers.Range is not null, cancellationToken).ConfigureAwait(false);
                case 403 or 404 or 410:
                    await RenewAsync(head.Status, cancellationToken).ConfigureAwait(false);
                    return null;
                case 416 when _isIdentified && Position > 0:
                    StartOver();
                    return null;
                case 416 when Position > 0:
                    Total = head.Total == Position ? Position : throw Beyond(head);
                    return null;
                case 408 or 429 or >= 500:
                    return new Failure(Unusable("answered with an error", head.Status), head.RetryAfter);
                default:
                    throw Unusable("answered with something that is not the track", head.Status);
            }
        }
        catch (Exception exception) when (ConnectionFailure.Matches(exception))
        {
            var failure = Translate(exception, _body?.HasExpired ?? timeout.HasExpired, cancellationToken);
            CloseBody();
            return new Failure(failure);
        }
        finally
        {
            if (_body is null)
            {
                response?.Dispose();
            }
        }
    }

    private HttpRequestMessage CreateRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link.Address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (Position > 0 && (EntityTag is not null || !_isIdentified || _isEndUnproven))
        {
            request.Headers.Range = new RangeHeaderValue(Position, null);
            request.Headers.IfRange = EntityTag is { } validator && !_isEndUnproven ? new RangeConditionHeaderValue(validator) : null;
        }

        return request;
    }

    /// <summary>
    /// Learns from the answer to a request for the bytes behind the end whether there are any. A server that neither knows ranges nor tells
    /// the size of a track leaves it open, and then the download fails: an incomplete track must not pass for a whole one.
    /// </summary>
    private Failure? ProveEnd(ResponseHead head)
    {
        _isEndUnproven = false;
        if (EntityTag is { } tag && head.EntityTag is { } other && !tag.Equals(other))
        {
            return new Failure(Unusable("answered with another track", head.Status));
        }

        Total = head.Total ?? (head.Status == 416 ? Position : throw new LalalAiDownloadException(
            $"The track '{link.Track.Label}' ended after {Position} bytes, and nothing shows that it is complete: the task reported "
            + "no size, and the server sends neither a length nor ranges.",
            link.Track,
            head.Status));
        return Total == Position ? null : new Failure(EndedEarly(Total));
    }

    /// <summary>Verifies an answer, and takes over its body if it contains the next bytes.</summary>
    private async Task<Failure?> AcceptAsync(
        HttpResponseMessage response, ResponseHead head, bool isRangeRequested, CancellationToken cancellationToken)
    {
        if (FindProblem(head) is { } problem)
        {
            return new Failure(Unusable(problem, head.Status));
        }

        if (head.Status == 206)
        {
            if (!isRangeRequested)
            {
                return new Failure(Unusable("answered with a part of the track that was not requested", head.Status));
            }

            if (!IsNext(head))
            {
                StartOver();
                return null;
            }
        }

        var skipped = 0L;
        if (head.Status == 200 && Position > 0)
        {
            // The server ignores ranges, or the track changed. The same strong tag means the same bytes.
            skipped = !_isIdentified || IsSameContent(head) ? Position : 0;
            if (skipped == 0)
            {
                StartOver();
            }
        }

        _body = await ResponseBody.OpenAsync(response, options, cancellationToken).ConfigureAwait(false);
        _isBegun = false;
        _skipped = skipped;
        Head = head;
        EntityTag = head.EntityTag;
        Total = head.Total ?? link.Size ?? (Position > 0 ? Total : null);
        _bodyEnd = head.Status == 206 ? head.End : Total;
        _isIdentified = true;
        return null;
    }

    private async Task<Exception?> VerifyBeginningAsync(ResponseBody body, CancellationToken cancellationToken)
    {
        await body.ReadBeginningAsync(cancellationToken).ConfigureAwait(false);
        if (body.IsEmpty || (Head!.Status == 200 && body.IsText))
        {
            return Unusable(body.IsEmpty ? "answered with an empty body" : "answered with text instead of media", Head!.Status);
        }

        await body.SkipAsync(_skipped, cancellationToken).ConfigureAwait(false);
        _isBegun = true;
        return null;
    }

    /// <summary>Returns why an answer cannot be the track, whatever was read before, or <see langword="null"/>.</summary>
    private string? FindProblem(ResponseHead head) =>
        head.ContentEncoding is { } encoding ? $"answered in {encoding} encoding instead of plain media"
        : IsDocument(head.MediaType) ? $"answered with {head.MediaType} instead of media"
        : head.Total == 0 ? "answered with an empty body"
        : head.Total is { } total && link.Size is { } size && total != size
            ? $"answered with a track of {total} bytes, and the task reported {size} bytes"
        : null;

    /// <summary>Whether a partial answer contains the next bytes of the same content: it must prove it.</summary>
    private bool IsNext(ResponseHead head) =>
        head.From == Position
        && (head.Total ?? Total) is { } total
        && head.End <= total
        && (!_isIdentified || IsSameContent(head));

    private bool IsSameContent(ResponseHead head) =>
        EntityTag is not null && EntityTag.Equals(head.EntityTag) && (head.Total is null || Total is null || head.Total == Total);

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
        Forget();
    }

    private void Forget()
    {
        Total = link.Size;
        EntityTag = null;
        _isIdentified = false;
    }

    /// <summary>Forgets content that turned out to be something else.</summary>
    private LalalAiDownloadException Discard(LalalAiDownloadException failure)
    {
        CloseBody();
        if (!canStartOver)
        {
            throw failure;
        }

        StartOver();
        return failure;
    }

    private async Task RenewAsync(int? status, CancellationToken cancellationToken)
    {
        if (_renewedAt == Position)
        {
            throw link.Unavailable(status, "a new link has the same problem");
        }

        _renewedAt = Position;
        await link.RenewAsync(status, cancellationToken).ConfigureAwait(false);
        if (status is { } answered && logger.IsEnabled(LogLevel.Information))
        {
            Log.LinkRenewed(logger, link.Track.Label, link.Track.TaskId.Value, answered);
        }
    }

    /// <summary>Waits before the next request, or throws if no retry is left or safe.</summary>
    private async Task PrepareRetryAsync(Exception failure, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        CloseBody();
        if (Position == Total)
        {
            return;
        }

        if (Position == _offset)
        {
            // Nothing was delivered: the next answer may be about anything.
            Forget();
        }

        // More than ever before: a server that sends the same beginning again and again makes no progress.
        if (Position > _furthest)
        {
            _furthest = Position;
            _fruitless = 0;
        }

        if (!canStartOver && _isIdentified && EntityTag is null && Position > _offset && !_isEndUnproven)
        {
            throw new LalalAiDownloadException(
                $"The track '{link.Track.Label}' broke off after {Position} bytes, and its server offers no safe way to resume it. "
                + "Download it again, or to a file.",
                link.Track,
                innerException: failure);
        }

        if (_fruitless == options.MaxRetries || failure is LalalAiConnectionException { IsPermanent: true })
        {
            throw failure;
        }

        var delay = retryAfter is { } asked
            ? RetryAfter.Limit(asked)
            : Backoff.Delay(_fruitless, options.RetryDelay, Backoff.Maximum);
        _fruitless++;
        Retries++;
        if (logger.IsEnabled(LogLevel.Information))
        {
            var kind = failure.GetType().Name;
            Log.RetryingDownload(logger, link.Track.Label, link.Track.TaskId.Value, kind, Position, _fruitless, delay);
        }

        await options.TimeProvider.Delay(delay, cancellationToken).ConfigureAwait(false);
    }

    private void CloseBody()
    {
        _body?.Dispose();
        _body = null;
    }

    private static bool IsDocument(string? mediaType)
    {
        var type = mediaType?.ToLowerInvariant();
        return type is "text/html" or "text/xml" or "text/json" or "application/json" or "application/xml"
            || (type is not null && (type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)));
    }

    private Exception Translate(Exception exception, bool hasExpired, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // On some targets a canceled transfer ends as a broken one.
            CloseBody();
            throw new OperationCanceledException("The download was canceled.", exception, cancellationToken);
        }

        if (clients.IsDisposed)
        {
            throw new ObjectDisposedException("Download: the client was disposed during the download.", exception);
        }

        var download =
            $"Download of the track '{link.Track.Label}' after {Position}{(Total is { } total ? $" of {total}" : string.Empty)} bytes";
        return hasExpired
            ? new TimeoutException(
                $"{download}: no bytes were received for {options.InactivityTimeout}. "
                + $"A longer {nameof(LalalAiClientOptions.InactivityTimeout)} allows longer pauses.",
                exception)
            : ConnectionFailure.Describe(download, link.Address!, exception);
    }

    private LalalAiDownloadException Unusable(string what, int? status = null) => new(
        $"The server of the track '{link.Track.Label}' {what}{(status is { } code ? $" (HTTP {code})" : string.Empty)}. "
        + "Something between here and the service may have replaced it.",
        link.Track,
        status);

    private LalalAiConnectionException EndedEarly(long? total) => new(
        $"Download of the track '{link.Track.Label}': {link.Address!.Authority} ended it after {Position} of {total} bytes.",
        new EndOfStreamException());

    private LalalAiDownloadException Beyond(ResponseHead head) => new(
        $"The offset {Position} is beyond the end of the track '{link.Track.Label}'"
        + $"{(head.Total is { } total ? $", which has {total} bytes" : string.Empty)} (HTTP {head.Status}).",
        link.Track,
        head.Status);

    /// <summary>A failure that may pass.</summary>
    private readonly record struct Failure(Exception Reason, TimeSpan? RetryAfter = null);
}
