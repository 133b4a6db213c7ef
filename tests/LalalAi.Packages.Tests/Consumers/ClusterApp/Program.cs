using System.Net.NetworkInformation;
using LalalAi;
using LalalAi.Sandbox;

await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
await File.WriteAllBytesAsync("song.wav", SandboxSong.Create(TimeSpan.FromSeconds(1)));

// Two ports that nothing uses, below those that systems assign.
var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(endpoint => endpoint.Port).ToHashSet();
var port = Enumerable.Range(Random.Shared.Next(10_000, 30_000), 1_000).First(first => !used.Contains(first) && !used.Contains(first + 1));

var builder = Host.CreateApplicationBuilder(args);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(port, port + 1)
    .AddMemoryGrainStorage("lalalai")
    .UseInMemoryReminderService()
    .AddLalalAi(client => (client.BaseAddress, client.LicenseKey) = (sandbox.BaseAddress, sandbox.LicenseKey)));
using var host = builder.Build();
await host.StartAsync();

var catalog = host.Services.GetRequiredService<IGrainFactory>().GetCatalog("spring");
await catalog.AddAsync([new JobRequest("song.wav", new StemSeparatorPresets { Stem = Stem.Vocals })]);
await foreach (var status in catalog.WhenEachAsync())
{
    Console.WriteLine($"{status.Name}: {status.State}, {string.Join(", ", status.Tracks)}");
}

await host.StopAsync();
