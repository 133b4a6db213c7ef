namespace LalalAi.Cli.Tests;

/// <summary>Short songs with different contents, and their expected results.</summary>
internal static class SongFolder
{
    private const int LeastFrames = 100;
    private const double SampleRate = 44_100;

    /// <summary>Writes songs of a few milliseconds, each of a length of its own.</summary>
    public static void Write(string directory, int count)
    {
        Directory.CreateDirectory(directory);
        for (var number = 0; number < count; number++)
        {
            SongFile.Write(directory, $"song{number:000}.wav", (LeastFrames + number + 0.5) / SampleRate);
        }
    }

    /// <summary>Checks that each song has its two tracks, once, whole, and nothing else.</summary>
    public static void AssertSplit(string songs, string output)
    {
        var folders = Directory.GetDirectories(output).Select(Path.GetFileName);
        Assert.That(folders, Is.EquivalentTo(Directory.GetFiles(songs).Select(Path.GetFileNameWithoutExtension)));
        Assert.Multiple(() =>
        {
            foreach (var song in Directory.GetFiles(songs))
            {
                var folder = Path.Combine(output, Path.GetFileNameWithoutExtension(song));
                Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "vocals.wav", "no_vocals.wav" }));
                var sum = SongFile.Samples(Path.Combine(folder, "vocals.wav")).Zip(
                    SongFile.Samples(Path.Combine(folder, "no_vocals.wav")), (stem, rest) => stem + rest);
                Assert.That(sum, Is.EqualTo(SongFile.Samples(song)), song);
            }
        });
    }
}
