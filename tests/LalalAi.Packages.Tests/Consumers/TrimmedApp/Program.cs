using LalalAi;
using Microsoft.Extensions.DependencyInjection;

// The whole job, once with a client of the constructor and once with one of a container.
await ProcessAsync(new LalalAiClient(LalalAiClientOptions.FromEnvironment()), "constructor");

var services = new ServiceCollection();
services.AddLalalAi(options =>
{
    var environment = LalalAiClientOptions.FromEnvironment();
    (options.BaseAddress, options.LicenseKey) = (environment.BaseAddress, environment.LicenseKey);
});
await using var provider = services.BuildServiceProvider();
await ProcessAsync(provider.GetRequiredService<ILalalAiClient>(), "container");

static async Task ProcessAsync(ILalalAiClient client, string folder)
{
    await using (client)
    {
        var result = await client.ProcessAsync("song.wav", new StemSeparatorPresets { Stem = Stem.Vocals }, folder);
        var presets = (StemSeparatorPresets)result.State.Presets;
        Console.WriteLine($"{folder}: {presets.Stem}, {string.Join(", ", result.Tracks.Select(track => track.File?.Size > 0 ? track.Track.Label : $"{track.Error}"))}");
    }
}
