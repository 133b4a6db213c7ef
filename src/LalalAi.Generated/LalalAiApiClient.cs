using Newtonsoft.Json;

namespace LalalAi.Generated;

/// <summary>
/// The operations of the LALAL.AI API as they are: one method each, with neither retries nor waiting. The <see cref="HttpClient"/> provides
/// the base address and the <c>X-License-Key</c> header. A response may have up to 16 MB; of an error, the first 64 KB are read.
/// </summary>
#if NET
[System.Diagnostics.CodeAnalysis.RequiresDynamicCode("JSON is read and written with Newtonsoft.Json, which native AOT does not support.")]
#endif
public partial class LalalAiApiClient
{
    /// <summary>Whether an upload asks the server for its consent before it sends the content. Some proxies reject that.</summary>
    internal bool ExpectContinue { get; set; } = true;

    /// <summary>Completes each request before it is sent.</summary>
    internal Action<HttpRequestMessage>? CompleteRequest { get; init; }

    /// <summary>Ends the reading of answers.</summary>
    internal CancellationToken ReadCancellation { get; init; }

    // An upload that is rejected, for example because of its key, must be rejected before its gigabytes are sent: a rejection in the middle
    // of them reaches the caller as a broken connection.
    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url)
    {
        request.Headers.ExpectContinue = request.Content is StreamContent && ExpectContinue ? true : null;
        CompleteRequest?.Invoke(request);
    }

    partial void ProcessResponse(HttpClient client, HttpResponseMessage response) => BoundedContent.Apply(response, ReadCancellation);

    // The text of an answer that turns out to be an error, or no JSON at all, is what its exception has to show.
    partial void Initialize() => ReadResponseAsString = true;

    static partial void UpdateJsonSerializerSettings(JsonSerializerSettings settings)
    {
        settings.ContractResolver = WireContractResolver.Instance;
        // What looks like a date in a field that the contract does not declare has to leave as it came.
        settings.DateParseHandling = DateParseHandling.None;
    }
}
