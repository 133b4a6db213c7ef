namespace LalalAi.Sandbox.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class SandboxSongTests
{
    [Test]
    public void Create_returns_the_same_bytes_for_the_same_seed()
    {
        var song = SandboxSong.Create(TimeSpan.FromSeconds(0.2), seed: 7);
        var again = SandboxSong.Create(TimeSpan.FromSeconds(0.2), seed: 7);

        Assert.That(again, Is.Array(song));
    }

    [Test]
    public void Create_returns_a_different_song_for_each_seed()
    {
        var songs = Enumerable.Range(0, 50).Select(seed => Convert.ToHexString(SandboxSong.Create(TimeSpan.FromSeconds(0.2), seed)));

        Assert.That(songs, Is.Unique);
    }

    [Test]
    public void Create_rejects_a_negative_seed() =>
        Assert.That(() => SandboxSong.Create(TimeSpan.FromSeconds(1), seed: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task Seeded_sources_differ_so_that_their_jobs_do_not_count_as_repeated()
    {
        await using var server = await SandboxServer.StartAsync();
        await server.SeedAsync(new SandboxSeed { Sources = ["a.wav", "b.wav"] });

        Assert.That((server.GetReport().Uploads, server.GetReport().UploadsRepeated), Is.EqualTo((2, 0)));
    }
}
