using System.Globalization;
using LalalAi.ContractTool.Documents;

namespace LalalAi.ContractTool.Updating;

/// <summary>Fetches a published contract, whole or not at all.</summary>
internal sealed class ContractDownload(TimeSpan timeout, int maximumBytes)
{
    /// <summary>The content as it was sent, byte for byte.</summary>
    public async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        // One limit over connecting, headers and body: the client's own ends with the headers.
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new ContractException("LC0402", $"{address} answers {(int)response.StatusCode} {response.ReasonPhrase}. Check the address, or download the document by hand and give the file.");
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
            throw new ContractException("LC0401", $"{address} did not send the whole document within {seconds} seconds. Try again later, or give more time with --timeout.", null, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ContractException("LC0401", $"{address} could not be downloaded: {(exception.InnerException ?? exception).Message} Try again, or download the document by hand and give the file.", null, exception);
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
        new("LC0404", $"{address} sends more than {maximumBytes / 1024} KiB, which no contract needs. Check the address, or download the document by hand and give the file.");
}
