using System.Text;
using System.Text.RegularExpressions;
using LalalAi.Http;

namespace LalalAi.Downloads;

/// <summary>
/// One response of a track's server. It fails if the server sends nothing for too long. The time between two reads does not count. The
/// beginning of the body is read in advance, to verify that it is media.
/// </summary>
internal sealed class TrackResponse : IDisposable
{
    private const int BeginningLength = 512;

    // Enough to recognize a page or a document.
    private const int SufficientLength = 16;

    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    // No media format begins like markup or JSON, after an optional byte order mark and white space.
    private static readonly Regex Text = new(
        @"^(\u00EF\u00BB\u00BF)?\s*(<[!?A-Za-z]|\{\s*[""}]|\[\s*[{""\]])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly HttpResponseMessage _message;
    private readonly LalalAiClientOptions _options;
    private readonly byte[] _beginning = new byte[BeginningLength];
    private Stream _content = Stream.Null;
    private int _available;
    private int _delivered;
    private InactivityTimeout? _timeout;
    private CancellationToken _timeoutFor;

    private TrackResponse(HttpResponseMessage message, LalalAiClientOptions options)
    {
        _message = message;
        _options = options;
        Head = ResponseHead.Read(message, options.TimeProvider.GetUtcNow());
    }

    public ResponseHead Head { get; }

    /// <summary>Sends a request, and waits for the headers of its response.</summary>
    /// <exception cref="TimeoutException">The server sent nothing for too long.</exception>
    public static async Task<TrackResponse> SendAsync(
        HttpClient client, HttpRequestMessage request, LalalAiClientOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new InactivityTimeout(options.TimeProvider, options.InactivityTimeout, cancellationToken);
        try
        {
            var message = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                .ConfigureAwait(false);
            return new TrackResponse(message, options);
        }
        catch (Exception exception) when (timeout.HasExpired && ConnectionFailure.Matches(exception))
        {
            throw Stalled(timeout, exception);
        }
    }

    /// <summary>Reads the beginning of the body in advance, and skips a number of bytes.</summary>
    /// <returns>Why the body cannot be the track, or <see langword="null"/>.</returns>
    /// <exception cref="EndOfStreamException">The body has fewer bytes than are to be dropped.</exception>
    public async Task<string?> BeginAsync(long skipped, CancellationToken cancellationToken)
    {
#if NET
        _content = await _message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        _content = await _message.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        int read;
        do
        {
            read = await ReadContentAsync(_beginning.AsMemory(_available), cancellationToken).ConfigureAwait(false);
            _available += read;
        }
        while (read > 0 && _available < SufficientLength);

        if (_available == 0)
        {
            return "answered with an empty body";
        }

        // The continuation of a part can begin with any bytes.
        if (Head.Status == 200 && Text.IsMatch(Latin1.GetString(_beginning, 0, _available)))
        {
            return "answered with text instead of media";
        }

        await SkipAsync(skipped, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Reads the next bytes; none at the end of the body.</summary>
    /// <exception cref="TimeoutException">The server sent nothing for too long.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_delivered == _available)
        {
            return ReadContentAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _available - _delivered);
        _beginning.AsMemory(_delivered, count).CopyTo(buffer);
        _delivered += count;
        return new ValueTask<int>(count);
    }

    public void Dispose()
    {
        _timeout?.Dispose();
        _content.Dispose();
        _message.Dispose();
    }

    private async Task SkipAsync(long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[(int)Math.Min(count, 81_920)];
        while (count > 0)
        {
            var read = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
            count -= read > 0 ? read : throw new EndOfStreamException("The server sent fewer bytes than before.");
        }
    }

    private async ValueTask<int> ReadContentAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var timeout = StartTimeout(cancellationToken);
        try
        {
#if NET
            return await _content.ReadAsync(buffer, timeout.Token).ConfigureAwait(false);
#else
            // Reads on this platform ignore their token.
            using var registration = timeout.Token.Register(_content.Dispose);
            System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(buffer, out var array);
            return await _content.ReadAsync(array.Array!, array.Offset, array.Count, timeout.Token).ConfigureAwait(false);
#endif
        }
        catch (Exception exception) when (timeout.HasExpired && ConnectionFailure.Matches(exception))
        {
            throw Stalled(timeout, exception);
        }
    }

    private InactivityTimeout StartTimeout(CancellationToken cancellationToken)
    {
        if (_timeout is { HasExpired: false } && _timeoutFor == cancellationToken)
        {
            _timeout.Touch();
            return _timeout;
        }

        // The first read, a read after a long pause, or a read with another token.
        _timeout?.Dispose();
        _timeoutFor = cancellationToken;
        return _timeout = new InactivityTimeout(_options.TimeProvider, _options.InactivityTimeout, cancellationToken);
    }

    private static TimeoutException Stalled(InactivityTimeout timeout, Exception exception) => new(
        $"no bytes were received for {timeout.Limit}. A longer {nameof(LalalAiClientOptions.InactivityTimeout)} allows longer pauses.",
        exception);
}
