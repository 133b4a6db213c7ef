using System.Net.Http.Headers;
using System.Text;
using System.Threading.RateLimiting;
using LalalAi.Sandbox;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Probing;

/// <summary>The status and the JSON of a response, as they came.</summary>
internal sealed record ProbeResponse(int Status, JObject Json)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the service understood the request and did not do it. A limit of requests says nothing.</summary>
    public bool IsRejection => Status is >= 400 and < 500 and not 429;

    /// <summary>The entry of a task in the response to a check or a cancellation, or <see langword="null"/> if there is none.</summary>
    public JObject? FindTask(string id) => IsSuccess ? (Json["result"] as JObject)?[id] as JObject : null;

    /// <summary>What the response to a check says about a task that may be unknown.</summary>
    public Observation<MissingTaskResponse> DescribeTask(string id) => Status switch
    {
        400 => MissingTaskResponse.BadRequest,
        403 => MissingTaskResponse.Forbidden,
        404 => MissingTaskResponse.NotFound,
        422 => MissingTaskResponse.UnprocessableEntity,
        _ when !IsSuccess => $"The check was answered with {this}.",
        _ => (string?)FindTask(id)?["status"] switch
        {
            null => MissingTaskResponse.Omitted,
            "server_error" => MissingTaskResponse.ServerError,
            _ => MissingTaskResponse.Reported,
        },
    };

    public override string ToString() => Json["code"] is { } code ? $"HTTP {Status}, {code}" : $"HTTP {Status}";
}

/// <summary>
/// Single requests without retries, because a probe looks at each response itself. The key goes to the API's own origin only: redirects are
/// not followed, and downloads use a client without it.
/// </summary>
internal sealed class ProbeConnection : IDisposable
{
    // A track of the song has about 1 MB.
    private const int MaxResponseBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly RateLimiter? _checks;
    private readonly HttpClient _api;
    private readonly HttpClient _links;

    /// <param name="service">The base URL.</param>
    /// <param name="licenseKey">The license key.</param>
    /// <param name="checks">The budget of checks, or <see langword="null"/> for none.</param>
    public ProbeConnection(Uri service, string licenseKey, RateLimiter? checks)
    {
        _checks = checks;
        _api = Create(service);
        _api.BaseAddress = new Uri(service, "api/v1/");
        _api.DefaultRequestHeaders.Add("X-License-Key", licenseKey);
        _links = Create(service);

        static HttpClient Create(Uri service)
        {
            var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !service.IsLoopback })
            {
                Timeout = Timeout,
                MaxResponseContentBufferSize = MaxResponseBytes,
            };
            client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lalalai", "probe"));
            return client;
        }
    }

    public Task<ProbeResponse> PostAsync(string operation, JObject body, CancellationToken cancellationToken) =>
        SendAsync(operation, new StringContent(body.ToString(Formatting.None), Encoding.UTF8, "application/json"), cancellationToken);

    public Task<ProbeResponse> UploadAsync(byte[] content, string name, CancellationToken cancellationToken)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        return SendAsync("upload/", body, cancellationToken);
    }

    /// <summary>Asks for tasks, within the budget of checks.</summary>
    public async Task<ProbeResponse> CheckAsync(IEnumerable<string> tasks, CancellationToken cancellationToken)
    {
        using var lease = _checks is null ? null : await _checks.AcquireAsync(1, cancellationToken);
        return await CheckAtOnceAsync(tasks, cancellationToken);
    }

    /// <summary>Checks tasks without a limit.</summary>
    public Task<ProbeResponse> CheckAtOnceAsync(IEnumerable<string> tasks, CancellationToken cancellationToken) =>
        PostAsync("check/", new JObject { ["task_ids"] = new JArray(tasks) }, cancellationToken);

    /// <summary>Returns the minutes that are left, or <see langword="null"/> if the service does not say.</summary>
    public async Task<double?> GetMinutesAsync(CancellationToken cancellationToken)
    {
        var response = await PostAsync("limits/minutes_left/", [], cancellationToken);
        return response.IsSuccess && response.Json["minutes_left"] is JValue { Value: double or long } left ? (double)left : null;
    }

    /// <summary>Requests a download link.</summary>
    public async Task<HttpResponseMessage> GetLinkAsync(
        Uri link, RangeHeaderValue? range, string? ifRange, CancellationToken cancellationToken)
    {
        // As the client does: links work over https, too.
        var address = link.Scheme == Uri.UriSchemeHttps || link.IsLoopback
            ? link
            : new UriBuilder(link) { Scheme = Uri.UriSchemeHttps, Port = -1 }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (ifRange is not null)
        {
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{ifRange}\""));
        }

        return await AsConnectionFailureAsync(() => _links.SendAsync(request, cancellationToken), cancellationToken);
    }

    public void Dispose()
    {
        _api.Dispose();
        _links.Dispose();
    }

    private async Task<ProbeResponse> SendAsync(string operation, HttpContent content, CancellationToken cancellationToken)
    {
        using var body = content;
        return await AsConnectionFailureAsync(
            async () =>
            {
                using var response = await _api.PostAsync(operation, body, cancellationToken);
                return new ProbeResponse((int)response.StatusCode, Parse(await response.Content.ReadAsStringAsync(cancellationToken)));
            },
            cancellationToken);
    }

    private static JObject Parse(string text)
    {
        try
        {
            return JObject.Parse(text);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static async Task<T> AsConnectionFailureAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LalalAiConnectionException($"The probe lost the service: {exception.GetBaseException().Message}", exception);
        }
    }
}
