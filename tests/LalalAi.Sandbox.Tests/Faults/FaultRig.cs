using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Faults;

/// <summary>A plain HTTP client of a sandbox in which something goes wrong, brought in by one of the ways that there are.</summary>
internal sealed class FaultRig : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly string? _header;

    private FaultRig(SandboxServer server, TestClock clock, Way way, string entry)
    {
        Server = server;
        Clock = clock;
        Key = way == Way.Key ? $"sandbox-fault({entry})" : server.LicenseKey;
        FileName = way == Way.FileName ? $"song.fault({entry}).wav" : "song.wav";
        _header = way == Way.Header ? entry : null;
    }

    internal enum Way
    {
        Code,
        Page,
        Header,
        Key,
        FileName,
    }

    public SandboxServer Server { get; }

    public TestClock Clock { get; }

    public string Key { get; }

    public string FileName { get; }

    public static async Task<FaultRig> CreateAsync(Way way, string entry)
    {
        var clock = new TestClock();
        var server = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = clock });
        var rig = new FaultRig(server, clock, way, entry);
        if (way == Way.Code)
        {
            server.Faults.Add(entry);
        }
        else if (way == Way.Page)
        {
            using var content = new StringContent(new JObject { ["faults"] = entry }.ToString(), Encoding.UTF8, "application/json");
            using var response = await rig._http.PostAsync(new Uri(server.BaseAddress, "/_sandbox/faults"), content);
            response.EnsureSuccessStatusCode();
        }

        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    public Task<HttpResponseMessage> UploadAsync(CancellationToken cancellationToken = default)
    {
        var content = new ByteArrayContent(WaveFile.Noise(1, 16).ToBytes());
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"\"{FileName}\"" };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return SendAsync("upload/", content, cancellationToken);
    }

    public async Task<string> UploadIdAsync() => (string)(await ReadAsync(await UploadAsync()))["id"]!;

    public Task<HttpResponseMessage> SplitAsync(string sourceId) =>
        PostAsync("split/stem_separator/", new JObject { ["source_id"] = sourceId, ["presets"] = new JObject { ["stem"] = "vocals" } });

    public async Task<string> SplitIdAsync() => (string)(await ReadAsync(await SplitAsync(await UploadIdAsync())))["task_id"]!;

    public Task<HttpResponseMessage> CheckAsync(params IEnumerable<string> ids) => CheckAsync(ids, CancellationToken.None);

    public Task<HttpResponseMessage> CheckAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        PostAsync("check/", new JObject { ["task_ids"] = new JArray(ids) }, cancellationToken);

    /// <summary>The link to a track of a task that has succeeded.</summary>
    public async Task<string> LinkAsync()
    {
        var task = await SplitIdAsync();
        Clock.Advance(TimeSpan.FromMinutes(1));
        return (string)(await ReadAsync(await CheckAsync(task)))["result"]![task]!["result"]!["tracks"]![0]!["url"]!;
    }

    public Task<HttpResponseMessage> DownloadAsync(string link, RangeHeaderValue? range = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = range;
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, JObject? body, CancellationToken cancellationToken = default) =>
        SendAsync(path, body is null ? null : new StringContent(body.ToString(), Encoding.UTF8, "application/json"), cancellationToken);

    public async Task<double> MinutesLeftAsync() => (double)(await ReadAsync(await PostAsync("limits/minutes_left/", null)))["minutes_left"]!;

    public static async Task<JObject> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
            return JObject.Parse(await response.Content.ReadAsStringAsync());
        }
    }

    private Task<HttpResponseMessage> SendAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.BaseAddress, "/api/v1/" + path)) { Content = content };
        request.Headers.TryAddWithoutValidation("X-License-Key", Key);
        return SendAsync(request, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        if (_header is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Sandbox-Fault", _header);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
