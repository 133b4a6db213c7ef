using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using LalalAi.Sandbox.Contract;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>A plain HTTP client for a sandbox. Every response that it gets is held against the contract.</summary>
internal sealed class ApiClient(SandboxServer server, string? key = null) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server.BaseAddress };

    public HttpClient Http => _http;

    public string? Key { get; init; } = key ?? server.LicenseKey;

    public void Dispose() => _http.Dispose();

    public Task<Answer> PostAsync(string path, JToken? body = null) =>
        SendAsync(path, body is null ? null : new StringContent(body.ToString(Formatting.None), Encoding.UTF8, "application/json"));

    public async Task<Answer> SendAsync(string path, HttpContent? content, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/api/v1/" + path) { Content = content };
        if (Key is not null)
        {
            request.Headers.TryAddWithoutValidation("X-License-Key", Key);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None };
        var answer = new Answer(response.StatusCode, await JObject.LoadAsync(reader), response.Headers.GetValues("x-request-id").Single());
        await AssertValidAsync("/api/v1/" + path.Split('?')[0], answer);
        return answer;
    }

    public Task<Answer> UploadAsync(byte[] bytes, string disposition = "attachment; filename=song.wav", string? contentType = "application/octet-stream")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        if (contentType is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return SendAsync("upload/", content);
    }

    /// <summary>Uploads so many seconds of what is no WAV and returns the source's id.</summary>
    public async Task<string> UploadSecondsAsync(int seconds) =>
        (string)(await UploadAsync(new byte[seconds * 16_000], "attachment; filename=song.mp3")).Body["id"]!;

    public async Task<string> UploadIdAsync(byte[] bytes) => (string)(await UploadAsync(bytes)).Body["id"]!;

    public Task<Answer> StartAsync(string path, string sourceId, object presets, string? idempotencyKey = null)
    {
        var body = new JObject { ["source_id"] = sourceId, ["presets"] = JObject.FromObject(presets) };
        if (idempotencyKey is not null)
        {
            body["idempotency_key"] = idempotencyKey;
        }

        return PostAsync(path, body);
    }

    public Task<Answer> SplitAsync(string sourceId, string? idempotencyKey = null) => StartAsync("split/stem_separator/", sourceId, new { stem = "vocals" }, idempotencyKey);

    public async Task<string> SplitIdAsync(string sourceId) => (string)(await SplitAsync(sourceId)).Body["task_id"]!;

    public async Task<JObject> CheckAsync(string taskId)
    {
        var answer = await PostAsync("check/", new JObject { ["task_ids"] = new JArray(taskId) });
        Assert.That(answer.Code, Is.EqualTo(200), answer.Body.ToString());
        return (JObject)answer.Body["result"]![taskId]!;
    }

    /// <summary>The tracks of a task that has succeeded, by label.</summary>
    public async Task<Dictionary<string, string>> GetLinksAsync(string taskId)
    {
        var task = await CheckAsync(taskId);
        Assert.That((string?)task["status"], Is.EqualTo("success"), task.ToString());
        return task["result"]!["tracks"]!.ToDictionary(track => (string)track["label"]!, track => (string)track["url"]!);
    }

    public async Task<double> GetMinutesLeftAsync() => (double)(await PostAsync("limits/minutes_left/")).Body["minutes_left"]!;

    private static async Task AssertValidAsync(string path, Answer answer)
    {
        var contract = await ServiceContract.LoadAsync();
        Assert.That(answer.RequestId, Does.Match("^[0-9a-f]{32}$"));
        if (!contract.Operations.TryGetValue(path, out var operation) || !operation.Responses.TryGetValue(answer.Code, out var schema))
        {
            // An error that the contract does not declare still has the common shape.
            Assert.That(answer.Code, Is.GreaterThanOrEqualTo(400), path);
            schema = contract.Operations["/api/v1/check/"].Responses[429];
        }

        var faults = SchemaValidation.Validate(schema, answer.Body);
        Assert.That(faults, Is.Empty, string.Create(CultureInfo.InvariantCulture, $"{path} answered {answer.Code} with {answer.Body}"));
    }
}
