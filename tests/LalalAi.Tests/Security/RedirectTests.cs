using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.Tests.Security;

/// <summary>The API's requests carry the key, which .NET would send along with a redirect: whatever handler the user chose, none is followed.</summary>
public sealed class RedirectTests
{
    private static readonly TestCaseData<Func<HttpMessageHandler>?>[] Handlers =
    [
        new TestCaseData<Func<HttpMessageHandler>?>(null).SetArgDisplayNames("the factory's own"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new HttpClientHandler()).SetArgDisplayNames("HttpClientHandler"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new SocketsHttpHandler()).SetArgDisplayNames("SocketsHttpHandler"),
        new TestCaseData<Func<HttpMessageHandler>?>(() => new Around(new SocketsHttpHandler())).SetArgDisplayNames("one around another"),
    ];

    [TestCaseSource(nameof(Handlers))]
    public async Task No_primary_handler_follows_a_redirect(Func<HttpMessageHandler>? primary)
    {
        await using var elsewhere = ApiServer.Start(_ => new ApiReply());
        await using var api = ApiServer.Start(_ => new ApiReply { Status = 307, Headers = [$"Location: {elsewhere.Address}"] });
        var services = new ServiceCollection();
        var builder = services.AddLalalAi(options => (options.BaseAddress, options.LicenseKey) = (api.Address, "secret-key"));
        if (primary is not null)
        {
            builder.Api.ConfigurePrimaryHttpMessageHandler(primary);
        }

        await using var provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<LalalAiApiException>(() => provider.GetRequiredService<ILalalAiClient>().GetMinutesLeftAsync());

        Assert.That(elsewhere.Requests, Is.Empty);
    }

    private sealed class Around(HttpMessageHandler inner) : DelegatingHandler(inner);
}
