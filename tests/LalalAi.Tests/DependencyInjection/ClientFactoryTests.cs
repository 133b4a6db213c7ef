using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LalalAi.Tests.DependencyInjection;

/// <summary>Clients for license keys that are known only at run time.</summary>
public sealed class ClientFactoryTests
{
    private const string OneTask = "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34";

    [Test]
    public async Task Each_client_sends_its_own_key_through_the_handlers_of_the_registration()
    {
        var seen = new ConcurrentBag<string>();
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var provider = Build(server.Address, seen);
        var factory = provider.GetRequiredService<ILalalAiClientFactory>();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => factory.GetClient(number % 2 == 0 ? "even-key" : "odd-key").GetMinutesLeftAsync()));

        Assert.That(server.Requests.GroupBy(request => request.Headers["X-License-Key"]).Select(group => (group.Key, group.Count())), Is.EquivalentTo(new[] { ("even-key", 10), ("odd-key", 10) }));
        Assert.That(seen, Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Factory_returns_the_same_client_for_the_same_key()
    {
        using var nowhere = new ClosedPort();
        await using var provider = Build(nowhere.Address);
        var factory = provider.GetRequiredService<ILalalAiClientFactory>();

        var clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => factory.GetClient("key"))));

        Assert.That(clients.Distinct().Count(), Is.EqualTo(1));
        Assert.That(factory.GetClient("other-key"), Is.Not.SameAs(clients[0]));
    }

    [Test]
    public async Task Key_of_the_settings_gets_the_registered_client()
    {
        var services = new ServiceCollection();
        services.AddLalalAi(options => options.LicenseKey = "settings-key");
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<ILalalAiClientFactory>().GetClient("settings-key"), Is.SameAs(provider.GetRequiredService<ILalalAiClient>()));
    }

    [Test]
    public async Task Remove_ends_the_waits_of_a_key_and_of_no_other()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { HoldUntil = ScriptedResponse.Forever });
        await using var provider = Build(server.Address);
        var factory = provider.GetRequiredService<ILalalAiClientFactory>();
        var leaving = factory.GetClient("leaving").WaitAsync(new TaskId(OneTask));
        var staying = factory.GetClient("staying").WaitAsync(new TaskId(OneTask));

        Assert.That((factory.Remove("leaving"), factory.Remove("leaving"), factory.Remove("unknown")), Is.EqualTo((true, false, false)));

        await Assert.CatchAsync<ObjectDisposedException>(() => leaving);
        await TestLimit.MomentAsync(staying);
        Assert.That(staying.IsCompleted, Is.False);
        await provider.DisposeAsync();
        await Assert.CatchAsync<ObjectDisposedException>(() => staying);
    }

    [Test]
    public async Task Client_that_was_disposed_is_replaced()
    {
        using var nowhere = new ClosedPort();
        await using var provider = Build(nowhere.Address);
        var factory = provider.GetRequiredService<ILalalAiClientFactory>();
        var disposed = factory.GetClient("key");
        await disposed.DisposeAsync();

        var replacement = factory.GetClient("key");

        Assert.That(replacement, Is.Not.SameAs(disposed));
        Assert.That(factory.GetClient("key"), Is.SameAs(replacement));
    }

    [Test]
    public async Task Key_that_is_not_valid_is_rejected_and_not_kept()
    {
        using var nowhere = new ClosedPort();
        await using var provider = Build(nowhere.Address);
        var factory = provider.GetRequiredService<ILalalAiClientFactory>();

        Assert.That(() => factory.GetClient("secret key"), Throws.ArgumentException.With.Message.Not.Contains("secret key"));
        Assert.That(factory.Remove("secret key"), Is.False);
    }

    [Test]
    public async Task Host_without_a_key_of_its_own_starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLalalAiClientFactory();
        using var host = builder.Build();

        await host.StartAsync();

        Assert.That(host.Services.GetService<ILalalAiClient>(), Is.Null);
        Assert.That(host.Services.GetRequiredService<ILalalAiClientFactory>().GetClient("key"), Is.Not.Null);
    }

    private static ServiceProvider Build(Uri address, ConcurrentBag<string>? seen = null)
    {
        var services = new ServiceCollection();
        services.AddLalalAiClientFactory(options => options.BaseAddress = address).ConfigureHttpClients(http => http.AddHttpMessageHandler(() => new Note(seen ?? [])));
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    private sealed class Note(ConcurrentBag<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
