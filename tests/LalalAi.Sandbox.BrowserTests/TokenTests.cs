using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>The page in a browser that uses the address of another machine.</summary>
internal sealed class TokenTests : PageFixture
{
    private static readonly IPAddress? Address = NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    protected override SandboxOptions CreateOptions() =>
        base.CreateOptions() with { ListenAddress = IPAddress.Any, AllowedHosts = [$"{Address ?? IPAddress.Loopback}"], ControlToken = "secret" };

    [Test]
    public async Task The_page_asks_for_the_token_once()
    {
        Assume.That(Address, Is.Not.Null, "The machine has no address but loopback.");
        var page = new UriBuilder(Server.DashboardAddress) { Host = $"{Address}" }.Uri.AbsoluteUri;
        await Page.GotoAsync(page);
        await Page.GetByLabel("Token").FillAsync("wrong");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This is not the token of this sandbox.");
        await Page.GetByLabel("Token").FillAsync("secret");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(Page.Locator("#connection")).ToHaveTextAsync("live");

        await Page.ReloadAsync();
        await Expect(Page.Locator("#connection")).ToHaveTextAsync("live");
    }
}
