using System.Text;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using LalalAi.Generated;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Benchmarks.Micro;

/// <summary>What it takes to make states of a check of 200 tasks, against reading its JSON and nothing else.</summary>
[MemoryDiagnoser]
public class CheckBenchmarks : IAsyncDisposable
{
    private CannedServer _server = null!;
    private LalalAiClient _client = null!;
    private HttpClient _http = null!;
    private LalalAiApiClient _raw = null!;
    private string _request = null!;
    private CheckRequest _rawRequest = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _server = new CannedServer(CannedCheck.Json);
        var unlimited = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1000, QueueLimit = 1000 });
        _client = new LalalAiClient(
            new LalalAiClientOptions { BaseAddress = _server.BaseAddress, LicenseKey = "key", CheckRateLimiter = unlimited });
        _http = new HttpClient { BaseAddress = _server.BaseAddress };
        _http.DefaultRequestHeaders.Add("X-License-Key", "key");
        _raw = new LalalAiApiClient(_http);
        _request = new JObject { ["task_ids"] = new JArray(CannedCheck.Ids.Select(id => $"{id}")) }.ToString(Formatting.None);
        _rawRequest = new CheckRequest { TaskIds = [.. CannedCheck.Ids.Select(id => id.Value)] };
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _http.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Bare <see cref="HttpClient"/>, and the answer as a tree of JSON.</summary>
    [Benchmark(Baseline = true)]
    public async Task<JObject> ParseAloneAsync()
    {
        using var content = new StringContent(_request, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync("api/v1/check/", content);
        return JObject.Parse(await response.Content.ReadAsStringAsync());
    }

    [Benchmark]
    public Task<CheckResponse> RawClientAsync() => _raw.CheckAsync(_rawRequest);

    [Benchmark]
    public Task<IReadOnlyDictionary<TaskId, TaskState>> FacadeAsync() => _client.CheckAsync(CannedCheck.Ids);
}
