using System.Net;
using LalalAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisRateLimiting;
using StackExchange.Redis;

namespace Cluster;

/// <summary>A process that works on the jobs of the cluster.</summary>
internal static class SiloProcess
{
    public static async Task RunAsync(int number, ClusterSettings settings, IConfiguration lalalai)
    {
        var redis = settings.Redis is { } address ? await ConnectionMultiplexer.ConnectAsync(RedisOptions(address)) : null;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo =>
        {
            if (redis is null)
            {
                var primary = new IPEndPoint(IPAddress.Loopback, settings.SiloPort(0));
                silo.UseLocalhostClustering(settings.SiloPort(number), settings.GatewayPort(number), primary)
                    .AddMemoryGrainStorage(LalalAiClusterOptions.StorageName)
                    .UseInMemoryReminderService();
            }
            else
            {
                silo.ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort(number), settings.GatewayPort(number))
                    .UseRedisClustering(options => options.ConfigurationOptions = RedisOptions(settings.Redis!))
                    .AddRedisGrainStorage(
                        LalalAiClusterOptions.StorageName, options => options.ConfigurationOptions = RedisOptions(settings.Redis!))
                    .UseRedisReminderService(options => options.ConfigurationOptions = RedisOptions(settings.Redis!));
            }

            silo.AddLalalAi(
                client =>
                {
                    lalalai.Bind(client);
                    client.CheckRateLimiter = redis is null ? null : SharedBudget(redis);
                },
                cluster => cluster.InFlight = settings.InFlight);
            silo.Services.Configure<JobFilesOptions>(files =>
                (files.SourceFolder, files.TrackFolder) = (
                    Path.Combine(settings.Folder, "songs"), Path.Combine(settings.Folder, "tracks")));
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine($"silo {number} is running, process {Environment.ProcessId}");
        await host.WaitForShutdownAsync();
    }

    /// <summary>
    /// A second line of defense: while a cluster changes, two silos may check for a moment. The window is longer than the service's 60
    /// seconds, because Redis counts by the clocks of the silos.
    /// </summary>
    private static RedisSlidingWindowRateLimiter<string> SharedBudget(IConnectionMultiplexer redis) => new(
        "lalalai:checks",
        new RedisSlidingWindowRateLimiterOptions
        {
            ConnectionMultiplexerFactory = () => redis,
            PermitLimit = CheckBudget.MaxChecks,
            Window = TimeSpan.FromSeconds(62),
        });

    private static ConfigurationOptions RedisOptions(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        return options;
    }
}
