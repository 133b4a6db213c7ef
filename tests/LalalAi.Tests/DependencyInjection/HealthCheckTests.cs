using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LalalAi.Tests.DependencyInjection;

/// <summary>The health check: what it reports, and that it asks once.</summary>
public sealed class HealthCheckTests
{
    [Test]
    public async Task Service_that_answers_is_healthy_with_its_minutes()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 42.5 }""" });

        var entry = await CheckAsync(server.Address);

        Assert.That((entry.Status, entry.Data["minutes_left"]), Is.EqualTo((HealthStatus.Healthy, 42.5)));
    }

    [TestCase(42.5, HealthStatus.Healthy)]
    [TestCase(43, HealthStatus.Degraded)]
    public async Task Service_with_too_few_minutes_is_degraded(double minimum, HealthStatus status)
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": 42.5 }""" });

        Assert.That((await CheckAsync(server.Address, minimum)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Service_without_known_minutes_is_healthy()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = """{ "minutes_left": null }""" });

        Assert.That((await CheckAsync(server.Address, 10)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [TestCase(403)]
    [TestCase(503)]
    public async Task Service_that_fails_is_unhealthy_after_one_request(int status)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(status));

        var entry = await CheckAsync(server.Address);

        Assert.That((entry.Status, server.Requests.Count), Is.EqualTo((HealthStatus.Unhealthy, 1)));
        Assert.That(entry.Exception, Is.InstanceOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(status));
    }

    [Test]
    public async Task Service_that_cannot_be_reached_is_unhealthy()
    {
        using var nowhere = new ClosedPort();

        Assert.That((await CheckAsync(nowhere.Address)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    private static async Task<HealthReportEntry> CheckAsync(Uri address, double? minimumMinutes = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLalalAi(options => (options.BaseAddress, options.LicenseKey) = (address, "secret-key"));
        services.AddHealthChecks().AddLalalAi(minimumMinutes: minimumMinutes);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["lalalai"];
    }
}
