using Newtonsoft.Json;

namespace LalalAi.Generated;

/// <summary>
/// The operations of the LALAL.AI API: one method each, without retries and waits. The <see cref="HttpClient"/> provides
/// the base address and the <c>X-License-Key</c> header. A response may have up to 16 MB; of an error, the first 64 KB are read.
/// </summary>
#if NET
[System.Diagnostics.CodeAnalysis.RequiresDynamicCode("JSON is read and written with Newtonsoft.Json, which native AOT does not support.")]
#endif
public partial class LalalAiApiClient
{
    /// <summary>
    /// Whether an upload waits for the server to request the content (<c>Expect: 100-continue</c>). Some proxies reject that.
    /// </summary>
    internal bool ExpectContinue { get; set; } = true;

    /// <summary>Completes each request before it is sent.</summary>
    internal Action<HttpRequestMessage>? CompleteRequest { get; init; }

    /// <summary>Cancels the reading of responses.</summary>
    internal CancellationToken ReadCancellation { get; init; }

    // An upload that is rejected, for example because of its key, must be rejected before its gigabytes are sent: a rejection in the middle
    // of them reaches the caller as a broken connection.
    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url)
    {
        request.Headers.ExpectContinue = request.Content is StreamContent && ExpectContinue ? true : null;
        CompleteRequest?.Invoke(request);
    }

    partial void ProcessResponse(HttpClient client, HttpResponseMessage response) => BoundedContent.Apply(response, ReadCancellation);

    // Exceptions contain the text of error responses, and of responses that are not JSON.
    partial void Initialize() => ReadResponseAsString = true;

    static partial void UpdateJsonSerializerSettings(JsonSerializerSettings settings)
    {
        settings.ContractResolver = WireContractResolver.Instance;
        // Undeclared fields that look like dates must be preserved unchanged.
        settings.DateParseHandling = DateParseHandling.None;
    }
}
