using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RichardSzalay.MockHttp;

namespace LalalAi.Tests.DependencyInjection;

public sealed class ServiceCollectionTests
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateScopes = true, ValidateOnBuild = true };

    [Test]
    public async Task Client_is_the_same_instance_in_the_root_in_scopes_and_in_singletons()
    {
        var services = new ServiceCollection();
        services.AddLalalAi(options => options.LicenseKey = "key");
        services.AddSingleton<Consumer>();
        await using var provider = services.BuildServiceProvider(Strict);
        await using var scope = provider.CreateAsyncScope();

        var client = provider.GetRequiredService<ILalalAiClient>();

        Assert.That(scope.ServiceProvider.GetRequiredService<ILalalAiClient>(), Is.SameAs(client));
        Assert.That(scope.ServiceProvider.GetRequiredService<ILalalAiClient>(), Is.SameAs(client));
        Assert.That(provider.GetRequiredService<Consumer>().Client, Is.SameAs(client));
    }

    [Test]
    public async Task Clients_for_several_license_keys_are_independent()
    {
        using var handler = new MockHttpMessageHandler();
        var keys = new List<string>();
        handler.When("*").Respond(request =>
        {
            keys.Add(request.Headers.GetValues("X-License-Key").Single());
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{ "minutes_left": 1 }""") };
        });
        var services = new ServiceCollection();
        services.AddKeyedLalalAi("studio", options => options.LicenseKey = "key-of-the-studio").Api.ConfigurePrimaryHttpMessageHandler(() => handler);
        services.AddKeyedLalalAi("label", options => options.LicenseKey = "key-of-the-label").Api.ConfigurePrimaryHttpMessageHandler(() => handler);
        await using var provider = services.BuildServiceProvider(Strict);

        await provider.GetRequiredKeyedService<ILalalAiClient>("studio").GetMinutesLeftAsync();
        await provider.GetRequiredKeyedService<ILalalAiClient>("label").GetMinutesLeftAsync();

        Assert.That(keys, Is.EqualTo(new[] { "key-of-the-studio", "key-of-the-label" }));
    }

    [Test]
    public async Task Handlers_of_the_application_are_used_and_do_not_see_the_key()
    {
        var seen = new List<bool>();
        using var primary = new MockHttpMessageHandler();
        primary.When("https://www.lalal.ai/api/v1/limits/minutes_left/").WithHeaders("X-License-Key", "key").Respond("application/json", """{ "minutes_left": 7.5 }""");
        var services = new ServiceCollection();
        services.AddLalalAi(options => options.LicenseKey = "key").Api
            .AddHttpMessageHandler(() => new Spy(seen))
            .ConfigurePrimaryHttpMessageHandler(() => primary);
        await using var provider = services.BuildServiceProvider(Strict);

        var minutes = await provider.GetRequiredService<ILalalAiClient>().GetMinutesLeftAsync();

        Assert.That(minutes, Is.EqualTo(7.5));
        Assert.That(seen, Is.EqualTo(new[] { false }));
    }

    [Test]
    public async Task AddHttpMessageHandler_adds_a_handler_to_API_calls_and_downloads()
    {
        var services = new ServiceCollection().AddSingleton<List<string>>().AddTransient<Witness>();
        services.AddLalalAi(options => (options.LicenseKey, options.MaxRetries) = ("key", 0)).AddHttpMessageHandler<Witness>();
        await using var provider = services.BuildServiceProvider(Strict);
        var client = provider.GetRequiredService<ILalalAiClient>();

        await Assert.CatchAsync(() => client.GetMinutesLeftAsync());
        await Assert.CatchAsync(() => client.OpenReadAsync(LalalAiModelFactory.TaskTrack() with { Url = new Uri("https://links.example/") }));

        Assert.That(provider.GetRequiredService<List<string>>(), Is.EqualTo(new[] { "www.lalal.ai", "links.example" }));
    }

    [Test]
    public async Task Settings_bind_from_json_and_from_the_environment()
    {
        var json = new MemoryStream("""{ "LalalAi": { "LicenseKey": "from-json", "BaseAddress": "https://proxy.example/lalal", "RequestTimeout": "00:00:20", "MaxRetries": 2, "MaxConcurrentUploads": 3 } }"""u8.ToArray());
        Environment.SetEnvironmentVariable("TESTED_LalalAi__LicenseKey", "from-environment");
        var configuration = new ConfigurationBuilder().AddJsonStream(json).AddEnvironmentVariables("TESTED_").Build();
        Environment.SetEnvironmentVariable("TESTED_LalalAi__LicenseKey", null);
        var services = new ServiceCollection();
        services.AddLalalAi(configuration.GetSection("LalalAi"));
        await using var provider = services.BuildServiceProvider(Strict);

        var options = provider.GetRequiredService<IOptions<LalalAiClientOptions>>().Value;

        Assert.That(
            (options.LicenseKey, options.BaseAddress.ToString(), options.RequestTimeout, options.MaxRetries, options.MaxConcurrentUploads),
            Is.EqualTo(("from-environment", "https://proxy.example/lalal/", TimeSpan.FromSeconds(20), 2, 3)));
        Assert.That(provider.GetRequiredService<ILalalAiClient>(), Is.Not.Null);
    }

    [Test]
    public async Task Invalid_setting_stops_the_host_and_is_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLalalAi(options =>
        {
            options.LicenseKey = string.Empty;
            options.MaxRetries = -1;
        });
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Message, Does.Contain("LicenseKey is not set").And.Contain("MaxRetries is -1"));
    }

    private sealed class Consumer(ILalalAiClient client)
    {
        public ILalalAiClient Client { get; } = client;
    }

    private sealed class Spy(List<bool> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.Headers.Contains("X-License-Key"));
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Witness(List<string> hosts) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            hosts.Add(request.RequestUri!.Host);
            return Task.FromException<HttpResponseMessage>(new HttpRequestException("There is no network."));
        }
    }
}
