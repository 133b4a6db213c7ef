using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.Tests.Security;

/// <summary>Loopback addresses are reached directly, with any proxy of the environment, the application or a handler; no key travels in clear text through a proxy.</summary>
[NonParallelizable]
public sealed class ProxyTests
{
    private static readonly string[] Ways = ["constructor", "handler factory", "handler factory with its own proxy", "DI", "DI with a primary handler", "DI with a proxy of its own", "DI with a chain"];

    private IWebProxy _default = null!;
    private ScriptedServer _proxy = null!;

    [SetUp]
    public void Name_a_proxy_for_everything()
    {
        _proxy = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 666 }""" });
        _default = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(_proxy.Address);
    }

    [TearDown]
    public async Task Restore()
    {
        HttpClient.DefaultProxy = _default;
        await _proxy.DisposeAsync();
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_loopback_address_is_reached_directly(string way)
    {
        await using var api = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var connection = Connect(way, options => options.BaseAddress = new Uri($"http://localhost:{api.Address.Port}/"));

        var minutes = await connection.Client.GetMinutesLeftAsync();

        Assert.That((minutes, _proxy.Requests.Count), Is.EqualTo((7, 0)));
    }

    [TestCaseSource(nameof(Ways))]
    public async Task A_link_on_loopback_is_reached_directly(string way)
    {
        await using var api = ScriptedServer.Start(request => ScriptedResponse.File(request, [1, 2, 3]));
        await using var connection = Connect(way, options => options.BaseAddress = api.Address);
        var track = new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Label = "vocals", Type = TrackType.Stem, Url = api.Address };

        using var received = new MemoryStream();
        await connection.Client.DownloadAsync(track, received);

        Assert.That((received.Length, _proxy.Requests.Count), Is.EqualTo((3, 0)));
    }

    [TestCaseSource(nameof(Ways))]
    public async Task Plain_http_through_a_proxy_is_rejected_before_anything_is_sent(string way)
    {
        await using var connection = Connect(way, options =>
        {
            (options.BaseAddress, options.AllowInsecureHttp, options.LicenseKey) = (new Uri("http://sandbox.example:7070/"), true, "sandbox-key");
        });

        var exception = await Assert.ThrowsAsync<LalalAiConnectionException>(() => connection.Client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Does.Contain("proxy").And.Contain("NO_PROXY").And.Contain("sandbox.example"));
        Assert.That(_proxy.Requests, Is.Empty);
    }

    [Test]
    public async Task A_proxy_is_used_for_https()
    {
        await using var client = new LalalAiClient(new LalalAiClientOptions { LicenseKey = "secret-key", BaseAddress = new Uri("https://service.example/"), MaxRetries = 0 });

        await Assert.ThrowsAsync<LalalAiConnectionException>(() => client.GetMinutesLeftAsync());

        Assert.That(_proxy.Requests.Select(request => request.Path), Is.EqualTo(new[] { "service.example:443" }));
    }

    private Connection Connect(string way, Action<LalalAiClientOptions> configure)
    {
        var ownProxy = () => new SocketsHttpHandler { Proxy = new WebProxy(_proxy.Address) };
        void Configure(LalalAiClientOptions options)
        {
            options.LicenseKey = "secret-key";
            options.MaxRetries = 0;
            options.PrimaryHandlerFactory = way switch
            {
                "handler factory" => () => new HttpClientHandler(),
                "handler factory with its own proxy" => ownProxy,
                _ => null,
            };
            configure(options);
        }

        if (!way.StartsWith("DI", StringComparison.Ordinal))
        {
            var options = new LalalAiClientOptions();
            Configure(options);
            return new Connection(new LalalAiClient(options), null);
        }

        var services = new ServiceCollection();
        var builder = services.AddLalalAi(Configure);
        Func<HttpMessageHandler>? primary = way switch
        {
            "DI with a primary handler" => () => new HttpClientHandler { Proxy = new WebProxy(_proxy.Address) },
            "DI with a proxy of its own" => ownProxy,
            "DI with a chain" => () => new Chain { InnerHandler = ownProxy() },
            _ => null,
        };
        if (primary is not null)
        {
            builder.ConfigureHttpClients(http => http.ConfigurePrimaryHttpMessageHandler(primary));
        }

        var provider = services.BuildServiceProvider();
        return new Connection(provider.GetRequiredService<ILalalAiClient>(), provider);
    }

    private sealed record Connection(ILalalAiClient Client, ServiceProvider? Provider) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Provider?.DisposeAsync() ?? Client.DisposeAsync();
    }

    private sealed class Chain : DelegatingHandler;
}
