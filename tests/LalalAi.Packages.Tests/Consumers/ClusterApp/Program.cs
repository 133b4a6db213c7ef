using System.Net;
using System.Net.Sockets;
using LalalAi;
using LalalAi.Sandbox;

await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
await File.WriteAllBytesAsync("song.wav", SandboxSong.Create(TimeSpan.FromSeconds(1)));

var builder = Host.CreateApplicationBuilder(args);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(FreePort(), FreePort())
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

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
