using System.Net;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.Tests.Security;

/// <summary>The API's requests carry the key, which .NET would send along with a redirect: with any handler of the application, none is followed, and its handler stays as it was.</summary>
public sealed class RedirectTests
{
    private static readonly TestCaseData<Func<HttpMessageHandler>?>[] Handlers =
    [
        new TestCaseData<Func<HttpMessageHandler>?>(null).SetArgDisplayNames("the default"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new HttpClientHandler()).SetArgDisplayNames("HttpClientHandler"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new SocketsHttpHandler()).SetArgDisplayNames("SocketsHttpHandler"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new Around(new SocketsHttpHandler())).SetArgDisplayNames("one around another"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new Derived()).SetArgDisplayNames("a class derived from HttpClientHandler"),
    ];

    [TestCaseSource(nameof(Handlers))]
    public async Task Primary_handler_of_a_factory_follows_no_redirect(Func<HttpMessageHandler>? primary) => await AssertNoRedirectAsync(async address =>
    {
        var services = new ServiceCollection();
        var builder = services.AddLalalAi(options => (options.BaseAddress, options.LicenseKey, options.MaxRetries) = (address, "secret-key", 0));
        if (primary is not null)
        {
            builder.Api.ConfigurePrimaryHttpMessageHandler(primary);
        }

        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ILalalAiClient>().GetMinutesLeftAsync();
    });

    [TestCaseSource(nameof(Handlers))]
    public async Task Primary_handler_of_the_options_follows_no_redirect(Func<HttpMessageHandler>? primary) => await AssertNoRedirectAsync(async address =>
    {
        await using var client = ApiClients.For(address, options => (options.PrimaryHandlerFactory, options.MaxRetries) = (primary, 0));
        await client.GetMinutesLeftAsync();
    });

    [Test]
    public async Task Redirect_of_a_download_is_followed_without_a_key()
    {
        await using var elsewhere = ScriptedServer.Start(request => ScriptedResponse.File(request, [1, 2, 3]));
        await using var links = ScriptedServer.Start(_ => new ScriptedResponse { Status = 302, Headers = [$"Location: {elsewhere.Address}"] });
        await using var client = ApiClients.For(links.Address);
        using var received = new MemoryStream();

        await client.DownloadAsync(new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Label = "vocals", Type = TrackType.Stem, Url = links.Address }, received);

        Assert.That(elsewhere.Requests.Single().Headers.Keys, Has.None.EqualTo("X-License-Key").IgnoreCase);
    }

    [Test]
    public async Task Shared_handler_is_not_changed([Values("SocketsHttpHandler", "HttpClientHandler", "a chain")] string kind)
    {
        await using var server = ScriptedServer.Start(request => request.Path == "/redirect" ? new ScriptedResponse { Status = 302, Headers = ["Location: /target"] } : new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        HttpMessageHandler end = kind == "HttpClientHandler" ? new HttpClientHandler() : new SocketsHttpHandler();
        using var others = new HttpClient(end);
        await others.GetAsync(server.Address);

        // Three handlers in a row, as a factory makes them when their lifetime is over.
        for (var rotation = 0; rotation < 3; rotation++)
        {
            await using var client = ApiClients.For(server.Address, options => options.PrimaryHandlerFactory = () => kind == "a chain" ? new Around(end) : end);
            Assert.That(await client.GetMinutesLeftAsync(), Is.EqualTo(7));
        }

        using var redirected = await others.GetAsync(new Uri(server.Address, "redirect"));
        Assert.That(redirected.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/target"), "Its redirects are not switched off.");
    }

    [Test]
    public async Task Handler_that_follows_redirects_and_cannot_be_changed_is_rejected()
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Empty);
        var started = new Derived();
        using var others = new HttpClient(started);
        await others.GetAsync(server.Address);

        var exception = Assert.Throws<InvalidOperationException>(() => ApiClients.For(server.Address, options => options.PrimaryHandlerFactory = () => started));

        Assert.That(exception!.Message, Does.Contain(nameof(Derived)).And.Contain("AllowAutoRedirect"));
    }

    [Test]
    public async Task Settings_of_a_copied_handler_are_kept()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        var cookies = new CookieContainer();
        cookies.Add(server.Address, new Cookie("route", "42"));
        await using var client = ApiClients.For(server.Address, options => options.PrimaryHandlerFactory = () => new HttpClientHandler { CookieContainer = cookies });

        await client.GetMinutesLeftAsync();

        Assert.That(server.Requests.Single().Headers["Cookie"], Is.EqualTo("route=42"));
    }

    private static async Task AssertNoRedirectAsync(Func<Uri, Task> call)
    {
        await using var elsewhere = ScriptedServer.Start(_ => ApiReply.Empty);
        await using var api = ScriptedServer.Start(_ => new ScriptedResponse { Status = 307, Headers = [$"Location: {elsewhere.Address}"] });

        await Assert.ThrowsAsync<LalalAiApiException>(() => call(api.Address));

        Assert.That(elsewhere.Requests, Is.Empty);
    }

    private sealed class Around(HttpMessageHandler inner) : DelegatingHandler(inner);

    private sealed class Derived : HttpClientHandler;
}
