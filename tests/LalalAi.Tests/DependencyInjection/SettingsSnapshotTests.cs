using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.Tests.DependencyInjection;

/// <summary>The settings are read once. Later changes of the configuration and new handlers of the factory have no effect.</summary>
public sealed class SettingsSnapshotTests
{
    [TestCase("another-key", "https://elsewhere.example/", TestName = "Another_key_and_address_in_the_configuration_do_not_reach_a_wait")]
    [TestCase("", "nonsense", TestName = "A_half_written_configuration_does_not_reach_a_wait")]
    public async Task Edited_configuration_does_not_reach_a_wait(string key, string address)
    {
        var id = PollingRig.Id(0);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        var services = new ServiceCollection();
        var handlers = Count(services.AddLalalAi(configuration));
        await using var server = ScriptedServer.Start(_ =>
        {
            // After the first check. The wait ends when its checks go through new handlers.
            (configuration["LicenseKey"], configuration["BaseAddress"]) = (key, address);
            configuration.Reload();
            var state = handlers() == 2 ? States.Success() : States.Progress(50);
            return ApiReply.Checked(id.Value, state);
        });
        (configuration["LicenseKey"], configuration["BaseAddress"]) = ("first-key", server.Address.AbsoluteUri);
        (configuration["MaxRetries"], configuration["PollingInterval"]) = ("0", "00:00:01");
        await using var provider = services.BuildServiceProvider();

        var result = await provider.GetRequiredService<ILalalAiClient>().WaitAsync(id).SoonAsync();

        Assert.That(result.Tracks, Has.Count.EqualTo(2));
        Assert.That(server.Requests.Select(request => request.Headers["X-License-Key"]), Has.All.EqualTo("first-key"));
    }

    [Test]
    public async Task Shared_primary_handler_survives_new_handlers()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        using var shared = new SocketsHttpHandler();
        var services = new ServiceCollection();
        var handlers = Count(services.AddLalalAi(options => (options.LicenseKey, options.BaseAddress, options.MaxRetries) = ("key", server.Address, 0))
            .ConfigureHttpClients(http => http.ConfigurePrimaryHttpMessageHandler(() => shared)));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ILalalAiClient>();

        await CallUntilAsync(() => handlers() == 3, client).SoonAsync();

        Assert.That((shared.AllowAutoRedirect, shared.Proxy), Is.EqualTo((true, (System.Net.IWebProxy?)null)));
    }

    /// <summary>Shortens the life of handlers to the factory's minimum of a second, and returns how many were made.</summary>
    private static Func<int> Count(ILalalAiClientBuilder builder)
    {
        var count = 0;
        builder.Api.SetHandlerLifetime(TimeSpan.FromSeconds(1)).AddHttpMessageHandler(() =>
        {
            count++;
            return new Passing();
        });
        return () => count;
    }

    private static async Task CallUntilAsync(Func<bool> isReached, ILalalAiClient client)
    {
        while (!isReached())
        {
            await client.GetMinutesLeftAsync();
        }
    }

    private sealed class Passing : DelegatingHandler;
}
