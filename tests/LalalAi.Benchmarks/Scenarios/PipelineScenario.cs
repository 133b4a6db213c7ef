using System.Diagnostics;
using System.Globalization;
using LalalAi.Sandbox;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>A thousand songs from file to files, 64 at a time, against one after another.</summary>
internal static class PipelineScenario
{
    private const int Songs = 1000;
    private const int SongsInSequence = 20;
    private const int AtATime = 64;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lalalai-benchmarks-");
        try
        {
            var bytes = SandboxSong.Create(TimeSpan.FromSeconds(1));
            var songs = Enumerable.Range(0, Songs).Select(number => Path.Combine(folder.FullName, $"{number:0000}.wav")).ToArray();
            foreach (var song in songs)
            {
                await File.WriteAllBytesAsync(song, bytes);
            }

            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime };
            var together = await TimeAsync(
                separate => Parallel.ForEachAsync(songs, parallel, async (song, _) => await separate(song)));
            var inSequence = await TimeAsync(async separate =>
            {
                foreach (var song in songs.Take(SongsInSequence))
                {
                    await separate(song);
                }
            });
            var ratio = inSequence / SongsInSequence / (together / Songs);
            return
            [
                new Measurement(
                    "1000 songs from file to files, 64 at a time",
                    string.Create(CultureInfo.InvariantCulture, $"{together:0} s, {together / Songs * 1000:0} ms a song"),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"one after another: {inSequence / SongsInSequence * 1000:0} ms a song, measured over {SongsInSequence}"),
                    string.Create(CultureInfo.InvariantCulture, $"{ratio:0} times as fast"),
                    "faster",
                    ratio > 1),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task<double> TimeAsync(Func<Func<string, Task>, Task> run)
        {
            await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 2, MinutesPerLicense = 1e9 });
            await using var client = new LalalAiClient(
                new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
            var output = Directory.CreateDirectory(Path.Combine(folder.FullName, Guid.NewGuid().ToString("N")));
            var start = Stopwatch.GetTimestamp();
            await run(song => client.ProcessAsync(song, new StemSeparatorPresets { Stem = Stem.Vocals }, output.FullName));
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
