using BenchmarkDotNet.Attributes;
using LalalAi.Generated;
using Newtonsoft.Json;

namespace LalalAi.Benchmarks.Micro;

/// <summary>One small call: through the facade, through the raw client, and by hand.</summary>
[MemoryDiagnoser]
public class CallBenchmarks : IAsyncDisposable
{
    private CannedServer _server = null!;
    private LalalAiClient _client = null!;
    private HttpClient _http = null!;
    private LalalAiApiClient _raw = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _server = new CannedServer("""{"minutes_left":42.5}""");
        _client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = _server.BaseAddress, LicenseKey = "key" });
        _http = new HttpClient { BaseAddress = _server.BaseAddress };
        _http.DefaultRequestHeaders.Add("X-License-Key", "key");
        _raw = new LalalAiApiClient(_http);
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _http.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public async Task<double?> ByHandAsync()
    {
        using var response = await _http.PostAsync("api/v1/limits/minutes_left/", content: null);
        return JsonConvert.DeserializeObject<LimitsResponse>(await response.Content.ReadAsStringAsync())!.MinutesLeft;
    }

    [Benchmark(Baseline = true)]
    public async Task<double?> RawClientAsync() => (await _raw.LimitsMinutesLeftAsync()).MinutesLeft;

    [Benchmark]
    public async Task<double?> FacadeAsync() => await _client.GetMinutesLeftAsync();
}
