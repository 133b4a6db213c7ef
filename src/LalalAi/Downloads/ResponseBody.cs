using System.Text;
using System.Text.RegularExpressions;
using LalalAi.Http;

namespace LalalAi.Downloads;

/// <summary>
/// The body of one answer. Reads fail when the server sends nothing for too long; the time between two reads does not count. The beginning
/// is read in advance, because it shows whether the body is media at all.
/// </summary>
internal sealed class ResponseBody : IDisposable
{
    private const int BeginningLength = 512;

    // Enough to recognize a page or a document.
    private const int SufficientLength = 16;

    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    // A byte order mark and white space may come first.
    private static readonly Regex Text = new(
        @"^(\u00EF\u00BB\u00BF)?\s*(<[!?A-Za-z]|\{\s*[""}]|\[\s*[{""\]])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly HttpResponseMessage _response;
    private readonly Stream _content;
    private readonly LalalAiClientOptions _options;
    private readonly byte[] _beginning = new byte[BeginningLength];
    private InactivityTimeout? _timeout;
    private CancellationToken _timeoutFor;
    private int _available;
    private int _delivered;

    private ResponseBody(HttpResponseMessage response, Stream content, LalalAiClientOptions options)
    {
        _response = response;
        _content = content;
        _options = options;
    }

    /// <summary>Whether the server sent nothing for too long.</summary>
    public bool HasExpired => _timeout is { HasExpired: true };

    public bool IsEmpty => _available == 0;

    /// <summary>Whether the body begins like markup or JSON, whatever its media type is. No media format does.</summary>
    public bool IsText => Text.IsMatch(Latin1.GetString(_beginning, 0, _available));

    /// <summary>Takes over an answer.</summary>
    public static async Task<ResponseBody> OpenAsync(
        HttpResponseMessage response, LalalAiClientOptions options, CancellationToken cancellationToken)
    {
#if NET
        var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        var content = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
        return new ResponseBody(response, content, options);
    }

    /// <summary>Reads the beginning in advance.</summary>
    public async Task ReadBeginningAsync(CancellationToken cancellationToken)
    {
        int read;
        do
        {
            read = await ReadContentAsync(_beginning.AsMemory(_available), cancellationToken).ConfigureAwait(false);
            _available += read;
        }
        while (read > 0 && _available < SufficientLength);
    }

    /// <summary>Reads and drops a number of bytes.</summary>
    /// <exception cref="EndOfStreamException">The body has fewer bytes.</exception>
    public async Task SkipAsync(long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[81_920];
        while (count > 0)
        {
            var read = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken).ConfigureAwait(false);
            count -= read > 0 ? read : throw new EndOfStreamException("The server sent fewer bytes than before.");
        }
    }

    /// <summary>Reads the next bytes; none at the end of the body.</summary>
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
        _response.Dispose();
    }

    private async ValueTask<int> ReadContentAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var token = StartTimeout(cancellationToken);
#if NET
        return await _content.ReadAsync(buffer, token).ConfigureAwait(false);
#else
        // Reads there ignore their token.
        using var registration = token.Register(_content.Dispose);
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(buffer, out var array);
        return await _content.ReadAsync(array.Array!, array.Offset, array.Count, token).ConfigureAwait(false);
#endif
    }

    private CancellationToken StartTimeout(CancellationToken cancellationToken)
    {
        if (_timeout is { HasExpired: false } && _timeoutFor == cancellationToken)
        {
            _timeout.Touch();
            return _timeout.Token;
        }

        // It is the first read, the reader was busy for longer than the limit, or the caller's token is another one.
        _timeout?.Dispose();
        _timeoutFor = cancellationToken;
        _timeout = new InactivityTimeout(_options.TimeProvider, _options.InactivityTimeout, cancellationToken);
        return _timeout.Token;
    }
}
