using LalalAi.Sandbox;

namespace LalalAi.Tests.EndToEnd;

/// <summary>Links that have expired since the wait that returned them.</summary>
public sealed class ExpiredLinkTests
{
    private readonly TestClock _clock = new();
    private string _directory = null!;
    private SandboxServer _sandbox = null!;
    private LalalAiClient _client = null!;
    private TaskTrack _track = null!;

    [SetUp]
    public async Task Separate_a_song()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-links").FullName;
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = _clock, Speed = 1000, LinkLifetime = TimeSpan.FromHours(1), TaskLifetime = TimeSpan.FromHours(24) });
        _client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = _sandbox.BaseAddress, LicenseKey = _sandbox.LicenseKey });
        var source = await _client.UploadAsync(SongFile.Write(_directory));
        var task = await _client.StartAsync(source.Id, new StemSeparatorPresets { Stem = Stem.Vocals });
        _clock.Advance(TimeSpan.FromMinutes(10));
        _track = (await _client.WaitAsync(task)).Tracks[0];
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _sandbox.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_link_that_has_expired_is_renewed_by_a_check()
    {
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.That(await IsExpiredAsync(), Is.True);

        var file = await _client.DownloadAsync(_track, _directory);

        Assert.That(SongFile.Samples(file.Path), Has.Some.GreaterThan(500));
    }

    [Test]
    public async Task Download_fails_with_the_label_when_the_task_has_expired()
    {
        _clock.Advance(TimeSpan.FromHours(25));

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => _client.DownloadAsync(_track, _directory));

        Assert.That(exception!.Message, Does.Contain("vocals"));
        Assert.That(Directory.GetFiles(_directory, "*.part*"), Is.Empty);
    }

    private async Task<bool> IsExpiredAsync()
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(_track.Url);
        return !response.IsSuccessStatusCode;
    }
}
