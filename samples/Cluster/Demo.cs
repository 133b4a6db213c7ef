using System.Diagnostics;
using System.Net;
using LalalAi;
using LalalAi.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cluster;

/// <summary>Starts a sandbox and the silos, adds songs to a catalog, and shows the results as they come.</summary>
internal static class Demo
{
    public static async Task RunAsync(ClusterSettings settings, IConfiguration lalalai)
    {
        await using var sandbox = lalalai["LicenseKey"] is null ? await SandboxServer.StartAsync(new SandboxOptions { Speed = 5 }) : null;
        settings.Folder = Path.GetFullPath(settings.Folder);
        var songs = CreateSongs(settings);
        var silos = Enumerable.Range(0, settings.Silos).Select(number => StartSilo(number, settings, sandbox, lalalai)).ToList();
        try
        {
            using var client = CreateClient(settings);
            await client.StartAsync();
            await RunAsync(client.Services.GetRequiredService<IGrainFactory>().GetCatalog("songs"), songs, sandbox);
            await client.StopAsync();
        }
        finally
        {
            foreach (var silo in silos)
            {
                silo.Kill();
                silo.Dispose();
            }
        }
    }

    private static async Task RunAsync(ICatalogGrain catalog, List<string> songs, SandboxServer? sandbox)
    {
        var clock = Stopwatch.StartNew();
        await catalog.AddAsync(songs.Select(song => new JobRequest(song, new StemSeparatorPresets { Stem = Stem.Vocals })));
        var count = 0;
        await foreach (var status in catalog.WhenEachAsync())
        {
            Console.WriteLine($"{++count,5} of {songs.Count}, {clock.Elapsed:mm\\:ss}  {status.Name}: {status.State} {status.Reason}");
        }

        var result = await catalog.CheckAsync();
        Console.WriteLine($"{result.Done} done, {result.Failed} failed, {result.Lost} lost, {result.Minutes:0.0} minutes");
        if (count < songs.Count)
        {
            Console.Error.WriteLine(
                $"{songs.Count - count} songs have no result: a silo has taken their state along. Use Redis to keep it.");
            Environment.ExitCode = 1;
        }

        if (sandbox?.GetReport() is { } report)
        {
            Console.WriteLine(
                $"{report.Starts} starts, {report.StartsRepeated} paid twice, {report.Checks} checks, "
                    + $"{report.ChecksInBusiestMinute} in the busiest minute, {report.ChecksRefused} refused");
        }
    }

    private static List<string> CreateSongs(ClusterSettings settings)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.Folder, "songs")).FullName;
        return [.. Enumerable.Range(0, settings.Songs).Select(number =>
        {
            var name = $"{number:00000}.wav";
            File.WriteAllBytes(Path.Combine(folder, name), SandboxSong.Create(TimeSpan.FromSeconds(1), number));
            return name;
        })];
    }

    private static Process StartSilo(int number, ClusterSettings settings, SandboxServer? sandbox, IConfiguration lalalai)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Demo).Assembly.Location])
        {
            Environment =
            {
                ["Silo"] = $"{number}",
                ["InFlight"] = $"{settings.InFlight}",
                ["Folder"] = settings.Folder,
                ["Port"] = $"{settings.Port}",
                ["LalalAi__BaseAddress"] =
                    sandbox?.BaseAddress.AbsoluteUri ?? lalalai["BaseAddress"] ?? LalalAiClientOptions.DefaultBaseAddress.AbsoluteUri,
                ["LalalAi__LicenseKey"] = sandbox?.LicenseKey ?? lalalai["LicenseKey"],
            },
        };
        if (settings.Redis is { } redis)
        {
            start.Environment["Redis"] = redis;
        }

        return Process.Start(start)!;
    }

    private static IHost CreateClient(ClusterSettings settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client =>
        {
            // Wait for the silos.
            client.UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(500, cancellationToken);
                return true;
            });
            if (settings.Redis is { } redis)
            {
                client.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redis));
            }
            else
            {
                var ports = Enumerable.Range(0, settings.Silos).Select(settings.GatewayPort);
                client.UseStaticClustering([.. ports.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);
            }
        });
        return builder.Build();
    }
}
