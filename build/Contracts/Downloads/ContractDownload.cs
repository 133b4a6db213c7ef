using System.Globalization;
using System.Net;
using LalalAi.Contracts.Documents;

namespace LalalAi.Contracts.Downloads;

/// <summary>Fetches a published contract, whole or not at all, over connections that cannot be tampered with.</summary>
public sealed class ContractDownload(TimeSpan timeout, int maximumBytes)
{
    private const int MaximumRedirects = 5;

    /// <summary>The content as it was sent, byte for byte.</summary>
    public async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        // One limit over connecting, redirects, headers and body: the client's own ends with the headers.
        using var handler =
            new SocketsHttpHandler { AllowAutoRedirect = false, MaxResponseHeadersLength = 64, UseProxy = !address.IsLoopback };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await SendAsync(client, address, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new ContractException("LC0402", $"{address} answers {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            if (response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                throw ContractSource.HtmlPage(address.ToString());
            }

            if (response.Content.Headers.ContentLength > maximumBytes)
            {
                throw TooLarge(address);
            }

            return await ReadAsync(address, response.Content, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new ContractException(
                "LC0401",
                $"{address} did not send the whole document within {seconds} seconds.",
                null,
                exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ContractException(
                "LC0401",
                $"{address} could not be downloaded: {(exception.InnerException ?? exception).Message}",
                null,
                exception);
        }
    }

    /// <summary>Follows redirects itself, so that each address is checked before a request goes to it.</summary>
    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        var isLoopback = address.IsLoopback;
        for (var redirects = 0; ; redirects++)
        {
            if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && isLoopback && address.IsLoopback))
            {
                throw new ContractException("LC0407", $"{address} is not an https address, so the document could be changed on its way.");
            }

            var response =
                await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (redirects == MaximumRedirects)
            {
                throw new ContractException("LC0402", $"{address} redirects for the {MaximumRedirects + 1}th time.");
            }

            address = new Uri(address, location);
            if (address.IsLoopback && !isLoopback)
            {
                throw new ContractException("LC0407", $"The download was redirected to this machine ({address}).");
            }
        }
    }

    private async Task<byte[]> ReadAsync(Uri address, HttpContent content, CancellationToken cancellationToken)
    {
        using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var received = new MemoryStream();
        var buffer = new byte[81920];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            received.Write(buffer, 0, count);
            if (received.Length > maximumBytes)
            {
                throw TooLarge(address);
            }
        }

        return received.ToArray();
    }

    private ContractException TooLarge(Uri address) =>
        new("LC0404", $"{address} sends more than {maximumBytes / 1024} KiB, which no contract needs.");
}
