using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;
using RichardSzalay.MockHttp;

namespace LalalAi.Generated.Tests;

/// <summary>A raw client whose requests end in memory: what it sends is kept as text, what it receives is given.</summary>
internal sealed class Wire : IDisposable
{
    private readonly MockHttpMessageHandler _handler = new();
    private readonly HttpClient _client;

    public Wire(string answer = "{}", HttpStatusCode status = HttpStatusCode.OK, string mediaType = "application/json")
    {
        _handler.When("*").Respond(async request =>
        {
            Request = await DescribeAsync(request).ConfigureAwait(false);
            var response = new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, mediaType) };
            response.Headers.Add("x-request-id", "0123456789abcdef0123456789abcdef");
            return response;
        });
        _client = _handler.ToHttpClient();
        _client.BaseAddress = new Uri("https://www.lalal.ai/");
        Api = new LalalAiApiClient(_client);
    }

    public LalalAiApiClient Api { get; }

    /// <summary>The last request, as text: request line, headers, an empty line, body.</summary>
    public string Request { get; private set; } = string.Empty;

    /// <summary>The body of the last request.</summary>
    public string Body => Request[(Request.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private static async Task<string> DescribeAsync(HttpRequestMessage request)
    {
        var text = new StringBuilder().Append(request.Method).Append(' ').Append(request.RequestUri).Append('\n');
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync().ConfigureAwait(false);
        var headers = request.Headers.Concat(request.Content is null ? [] : request.Content.Headers.AsEnumerable());
        foreach (var header in headers.Where(header => header.Key != "Content-Length").OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            text.Append(header.Key).Append(": ").AppendJoin(", ", header.Value).Append('\n');
        }

        return text.Append('\n').Append(body.StartsWith('{') ? CanonicalJson.From(JToken.Parse(body)) : body).ToString();
    }
}
