using System.Collections.Concurrent;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly;

namespace LalalAi.Tests.DependencyInjection;

/// <summary>Hosts that add resilience handlers to all HTTP clients, as Aspire solutions do: the client has none of them, and all other handlers.</summary>
public sealed class ResilienceHandlerTests
{
    private static readonly TestCaseData<Action<IServiceCollection, ILalalAiClientBuilder>>[] Hosts =
    [
        Case("defaults of the host", (services, _) => services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler())),
        Case("hedging in the defaults of the host", (services, _) => services.ConfigureHttpClientDefaults(http => http.AddStandardHedgingHandler())),
        Case("a pipeline of its own in the defaults", (services, _) => services.ConfigureHttpClientDefaults(http => http.AddResilienceHandler("own", pipeline => pipeline.AddTimeout(TimeSpan.FromMilliseconds(10))))),
        Case("added to the client", (_, builder) => builder.ConfigureHttpClients(http => http.AddStandardResilienceHandler())),
        Case("a policy of Polly 7", (_, builder) => builder.ConfigureHttpClients(http => http.AddPolicyHandler(Policy.HandleResult<HttpResponseMessage>(_ => true).RetryAsync(3)))),
    ];

    [TestCaseSource(nameof(Hosts))]
    public async Task Start_is_sent_once(Action<IServiceCollection, ILalalAiClientBuilder> configure)
    {
        await using var server = ScriptedServer.StartReading(_ => ApiReply.Error(503));
        await using var provider = Build(server.Address, configure);

        await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(
            () => provider.GetRequiredService<ILalalAiClient>().StartAsync(new SourceId("5e0c0f0e-1111-4222-8333-444455556666"), new DemuserPresets()));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCaseSource(nameof(Hosts))]
    public async Task Removal_is_logged_once_with_its_reason(Action<IServiceCollection, ILalalAiClientBuilder> configure)
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        using var logs = new TestLog();
        await using var provider = Build(server.Address, configure, logs);
        var client = provider.GetRequiredService<ILalalAiClient>();

        await client.GetMinutesLeftAsync();
        await client.DownloadAsync(
            new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Label = "vocals", Type = TrackType.Stem, Url = server.Address }, Stream.Null).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.That(logs.Lines.Where(message => message.Contains("was removed", StringComparison.Ordinal)), Has.One.Contain("retry starts that are paid for"));
    }

    [Test]
    public async Task Handlers_without_retries_stay()
    {
        var seen = new ConcurrentBag<string>();
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var provider = Build(server.Address, (services, builder) =>
        {
            services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Note(seen, "default")).AddStandardResilienceHandler());
            builder.ConfigureHttpClients(http => http.AddHttpMessageHandler(() => new Note(seen, "own")));
        });

        await provider.GetRequiredService<ILalalAiClient>().GetMinutesLeftAsync();

        Assert.That(seen, Is.EquivalentTo(new[] { "default", "own" }));
    }

    private static TestCaseData<Action<IServiceCollection, ILalalAiClientBuilder>> Case(string name, Action<IServiceCollection, ILalalAiClientBuilder> configure) =>
        new TestCaseData<Action<IServiceCollection, ILalalAiClientBuilder>>(configure).SetArgDisplayNames(name);

    private static ServiceProvider Build(Uri address, Action<IServiceCollection, ILalalAiClientBuilder> configure, TestLog? logs = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs ?? new TestLog()));
        var client = services.AddLalalAi(options => (options.BaseAddress, options.LicenseKey, options.MaxRetries) = (address, "secret-key", 0));
        configure(services, client);
        return services.BuildServiceProvider();
    }

    private sealed class Note(ConcurrentBag<string> seen, string name) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(name);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
