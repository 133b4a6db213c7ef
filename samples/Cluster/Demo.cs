using System.Diagnostics;
using System.Globalization;
using System.Net;
using LalalAi;
using LalalAi.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Cluster;

/// <summary>Starts a sandbox and the silos, adds songs to a catalog, and shows the results as they come.</summary>
internal static class Demo
{
    public static async Task RunAsync(ClusterSettings settings, IConfiguration lalalai)
    {
        await using var sandbox = lalalai["LicenseKey"] is null ? await SandboxServer.StartAsync(new SandboxOptions { Speed = 5 }) : null;
        settings.Folder = Path.GetFullPath(settings.Folder);
        settings.Id ??= sandbox is null ? null : $"{Guid.NewGuid():N}";
        var songs = await CreateSongsAsync(settings);
        using var client = CreateClient(settings);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            client.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var silos = Enumerable.Range(0, settings.Silos).Select(number => StartSilo(number, settings, sandbox, lalalai)).ToList();
        if (settings.Redis is null)
        {
            silos.ForEach(silo => silo.Exited += (_, _) => ending.Cancel());
        }

        try
        {
            await client.StartAsync(ending.Token);
            await RunAsync(client.Services.GetRequiredService<IGrainFactory>().GetCatalog("songs"), songs, sandbox, ending.Token);
            Console.WriteLine(
                settings.Bucket is { } bucket ? $"The tracks are in the bucket {bucket}." : $"The tracks are in {settings.TrackFolder}.");
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            Console.Error.WriteLine(
                "Stopped before all songs were done." + (settings.Redis is null ? " The state was in memory. Use Redis to keep it." : ""));
            Environment.ExitCode = 1;
        }
        finally
        {
            foreach (var silo in silos)
            {
                silo.EnableRaisingEvents = false;
                silo.Kill();
                silo.Dispose();
            }
        }
    }

    private static async Task RunAsync(
        ICatalogGrain catalog, List<string> songs, SandboxServer? sandbox, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await catalog.AddAsync(
            songs.Select(song => new JobRequest(song, new StemSeparatorPresets { Stem = Stem.Vocals })), cancellationToken);
        var count = 0;
        await foreach (var status in catalog.WhenEachAsync(cancellationToken: cancellationToken))
        {
            Console.WriteLine($"{++count,5} of {songs.Count}, {clock.Elapsed:mm\\:ss}  {status.Name}: {status.State} {status.Reason}");
        }

        var result = await catalog.CheckAsync(cancellationToken);
        Console.WriteLine($"{result.Done} done, {result.Failed} failed, {result.Lost} lost, {result.Minutes:0.0} minutes");
        if (sandbox?.GetReport() is { } report)
        {
            Console.WriteLine(
                $"{report.Starts} starts, {report.StartsRepeated} paid twice, {report.Checks} checks, "
                    + $"{report.ChecksInBusiestMinute} in the busiest minute, {report.ChecksRejected} rejected");
        }
    }

    private static async Task<List<string>> CreateSongsAsync(ClusterSettings settings)
    {
        var folder = Directory.CreateDirectory(settings.SongFolder).FullName;
        var songs = Enumerable.Range(0, settings.Songs).Select(number => $"{number:00000}.wav").ToList();
        using var s3 = settings.Bucket is null ? null : BucketFiles.Connect();
        for (var number = 0; number < songs.Count; number++)
        {
            var path = Path.Combine(folder, songs[number]);
            await File.WriteAllBytesAsync(path, SandboxSong.Create(TimeSpan.FromSeconds(1), number));
            if (s3 is not null)
            {
                await new BucketFiles(s3, settings.Bucket!).PutAsync(songs[number], path);
            }
        }

        return songs;
    }

    private static Process StartSilo(int number, ClusterSettings settings, SandboxServer? sandbox, IConfiguration lalalai)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Demo).Assembly.Location])
        {
            Environment =
            {
                ["Silo"] = $"{number}",
                ["Parent"] = $"{Environment.ProcessId}",
                ["MaxConcurrentJobs"] = $"{settings.MaxConcurrentJobs}",
                ["Folder"] = settings.Folder,
                ["Port"] = $"{settings.Port}",
                ["LalalAi__BaseAddress"] =
                    sandbox?.BaseAddress.AbsoluteUri ?? lalalai["BaseAddress"] ?? LalalAiClientOptions.DefaultBaseAddress.AbsoluteUri,
                ["LalalAi__LicenseKey"] = sandbox?.LicenseKey ?? lalalai["LicenseKey"],
            },
        };
        foreach (var (name, value) in new[]
        {
            ("Redis", settings.Redis),
            ("Id", settings.Id),
            ("Bucket", settings.Bucket),
            ("Dashboard", settings.Dashboard?.ToString(CultureInfo.InvariantCulture)),
        })
        {
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        var silo = Process.Start(start)!;
        silo.EnableRaisingEvents = true;
        return silo;
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
                client.Services.Configure<ClusterOptions>(settings.SetId);
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
