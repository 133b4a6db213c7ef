using System.Diagnostics;
using System.Net;
using LalalAi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Resources;
using Orleans.Configuration;
using Orleans.Dashboard;
using RedisRateLimiting;
using StackExchange.Redis;

namespace Cluster;

/// <summary>A process that works on the jobs of the cluster.</summary>
internal static class SiloProcess
{
    public static async Task RunAsync(int number, ClusterSettings settings, IConfiguration lalalai)
    {
        var redis = settings.Redis is { } address ? await ConnectionMultiplexer.ConnectAsync(RedisOptions(address)) : null;
        IHostApplicationBuilder builder = HasDashboard(number, settings) ? WebApplication.CreateBuilder() : Host.CreateApplicationBuilder();
        // Orleans warns of each lost connection. When a silo dies, that is expected.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error);
        Observe(builder, number);
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
                silo.Configure<ClusterOptions>(settings.SetId)
                    .ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort(number), settings.GatewayPort(number))
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
                cluster => cluster.MaxConcurrentJobs = settings.MaxConcurrentJobs);
            silo.AddActivityPropagation();
            if (settings.Dashboard is not null)
            {
                silo.AddDashboard();
            }

            if (settings.Bucket is { } bucket)
            {
                silo.Services.AddSingleton<IJobFiles>(new BucketFiles(BucketFiles.Connect(), bucket));
            }

            silo.Services.Configure<JobFilesOptions>(files =>
                (files.SourceFolder, files.TrackFolder) = (settings.SongFolder, settings.TrackFolder));
        });
        using var host = Build(builder, settings);
        await await Task.WhenAny(RunAsync(host, number), ParentEndsAsync(settings));
    }

    private static async Task RunAsync(IHost host, int number)
    {
        await host.StartAsync();
        Console.WriteLine($"silo {number} is running, process {Environment.ProcessId}");
        await host.WaitForShutdownAsync();
    }

    private static Task ParentEndsAsync(ClusterSettings settings) => settings.Parent is { } parent
        ? Process.GetProcessById(parent).WaitForExitAsync()
        : Task.Delay(Timeout.Infinite);

    private static bool HasDashboard(int number, ClusterSettings settings) => number == 0 && settings.Dashboard is not null;

    private static IHost Build(IHostApplicationBuilder builder, ClusterSettings settings)
    {
        if (builder is not WebApplicationBuilder web)
        {
            return ((HostApplicationBuilder)builder).Build();
        }

        // The dashboard does not authenticate. It answers this machine only, and only under a name that no web page elsewhere has.
        web.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(settings.Dashboard!.Value));
        web.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        var app = web.Build();
        app.MapOrleansDashboard();
        return app;
    }

    /// <summary>Exports the meters and traces of the client and of Orleans, if a collector is set.</summary>
    private static void Observe(IHostApplicationBuilder builder, int number)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("cluster", serviceInstanceId: $"silo-{number}"))
                .WithMetrics(metrics => metrics.AddMeter("LalalAi", "Microsoft.Orleans"))
                .WithTracing(tracing => tracing.AddSource("LalalAi", "Microsoft.Orleans.*"))
                .UseOtlpExporter();
        }
    }

    /// <summary>
    /// A second line of defense: while a cluster changes, two silos may check for a moment. The window is longer than the service's 60
    /// seconds, because Redis counts by the clocks of the silos.
    /// </summary>
    internal static RedisSlidingWindowRateLimiter<string> SharedBudget(IConnectionMultiplexer redis) => new(
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
