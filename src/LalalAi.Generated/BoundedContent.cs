using System.Net;

namespace LalalAi.Generated;

/// <summary>
/// The body of a response, up to a limit. Responses of the API have a known order of magnitude, and a server must not determine how much
/// memory the client uses. An error is truncated at the limit. A success above the limit is an error, because a part of it
/// is none.
/// </summary>
internal sealed class BoundedContent : HttpContent
{
    private const int MaximumSuccess = 16 * 1024 * 1024;
    private const int MaximumError = 64 * 1024;
    private const int BufferSize = 16 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly HttpContent _content;
    private readonly CancellationToken _cancellationToken;

    // The headers are not copied: a false length would reserve memory, and the character set may not exist.
    // JSON is UTF-8.
    private BoundedContent(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        _response = response;
        _content = response.Content;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Replaces the body of a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Cancels reading, because .NET Standard reads bodies without a token.</param>
    public static void Apply(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content is not null)
        {
            response.Content = new BoundedContent(response, cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, _cancellationToken);

#if NET
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        CopyAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task CopyAsync(Stream destination, CancellationToken cancellationToken)
    {
        // Streams of .NET Framework ignore the token of a pending read.
        using var registration = cancellationToken.Register(static content => ((HttpContent)content!).Dispose(), _content);
        var left = _response.IsSuccessStatusCode ? MaximumSuccess : MaximumError;
        var buffer = new byte[BufferSize];
        try
        {
#if NET
            using var source = await _content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
            using var source = await _content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
            while (await source.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                await destination.WriteAsync(buffer, 0, Math.Min(read, left), cancellationToken).ConfigureAwait(false);
                left -= Math.Min(read, left + 1);
                if (left < 0)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The response was not read to its end.", exception, cancellationToken);
        }

        if (left < 0 && _response.IsSuccessStatusCode)
        {
            throw new ApiException(
                $"The response is larger than {MaximumSuccess / 1024 / 1024} MB.",
                (int)_response.StatusCode,
                response: null,
                _response.Headers.ToDictionary(header => header.Key, header => header.Value),
                innerException: null);
        }
    }
}
