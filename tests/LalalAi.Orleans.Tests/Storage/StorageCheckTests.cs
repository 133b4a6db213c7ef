using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace LalalAi.Cluster.Tests.Storage;

/// <summary>A silo verifies at its start that it can store jobs.</summary>
public sealed class StorageCheckTests
{
    [Test]
    public async Task Silo_without_storage_does_not_start_and_names_what_to_add()
    {
        var (_, failure) = await StartAsync(_ => { });

        Assert.That(failure?.ToString(), Does.Contain("AddRedisGrainStorage(\"lalalai\", …)"));
    }

    [Test]
    public async Task Silo_with_storage_in_memory_logs_a_warning()
    {
        var (log, failure) = await StartAsync(silo => silo.AddMemoryGrainStorage(LalalAiClusterOptions.StorageName));

        Assert.That(failure, Is.Null);
        Assert.That(log.Lines, Has.Some.StartsWith("Warning: Jobs are stored in memory, and are forgotten"));
    }

    [Test]
    public async Task A_setting_that_is_not_valid_is_reported_with_the_others()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(
            () => StartAsync(_ => { }, options => (options.MaxConcurrentJobs, options.MaxMinutes, options.Location) = (0, -1, "nas@1")));

        Assert.That(
            exception!.Message, Does.Contain("MaxConcurrentJobs is 0").And.Contain("MaxMinutes is -1").And.Contain("Location is 'nas@1'"));
    }

    private static async Task<(TestLog Log, Exception? Failure)> StartAsync(
        Action<ISiloBuilder> configure, Action<LalalAiClusterOptions>? options = null)
    {
        var log = new TestLog();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            configure(silo);
            silo.UseInMemoryReminderService().AddLalalAi(client => client.LicenseKey = "key", options);
            silo.ConfigureLogging(logging => logging.Services.AddSingleton<ILoggerFactory>(log));
        });
        await using var cluster = builder.Build();
        try
        {
            await cluster.DeployAsync();
            return (log, null);
        }
        catch (Exception exception) when (exception is not ArgumentException)
        {
            return (log, exception);
        }
    }
}
