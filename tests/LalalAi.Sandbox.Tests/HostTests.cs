using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LalalAi.Sandbox.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class HostTests
{
    [Test]
    public async Task A_sandbox_starts_and_ends_with_its_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLalalAiSandbox(new SandboxOptions { LicenseKeys = ["mine"] });
        Uri health;
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var server = host.Services.GetRequiredService<SandboxServer>();
            health = new Uri(server.BaseAddress, "/_sandbox/health");
            using var client = new ApiClient(server);
            Assert.That((server.LicenseKey, await client.GetMinutesLeftAsync()), Is.EqualTo(("mine", 600)));
            Assert.That(await Loopback.RespondsAsync(health, "mine"), Is.True);
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        Assert.That(await Loopback.RespondsAsync(health, "mine"), Is.False);
    }

    [Test]
    public async Task Address_is_known_to_other_services_before_the_host_starts()
    {
        await using var services = new ServiceCollection().AddLalalAiSandbox().BuildServiceProvider(validateScopes: true);

        Assert.That(services.GetRequiredService<SandboxServer>().BaseAddress.IsLoopback);
    }
}
