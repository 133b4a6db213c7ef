using LalalAi.Sandbox;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Telemetry;

/// <summary>The values that the instruments record.</summary>
[NonParallelizable]
public sealed class MetricsTests
{
    private static readonly byte[] Content = PatternStream.Bytes(0, 200_000);

    private Measurements _measurements = null!;

    [SetUp]
    public void Listen() => _measurements = new Measurements();

    [TearDown]
    public void Stop() => _measurements.Dispose();

    [Test]
    public async Task An_upload_that_was_retried_counts_with_all_that_was_sent()
    {
        await using var server = ScriptedServer.Start(request => request.Number == 1 ? ApiReply.Error(503) : ApiReply.Uploaded);
        await using var client = ApiClients.For(server.Address);

        await client.UploadAsync(Content, "song.wav");

        Assert.That(_measurements.Of("lalalai.client.transferred"), Is.EqualTo(new[] { (200_000.0, "upload"), (200_000.0, "upload") }));
        Assert.That(_measurements.Of("lalalai.client.retries"), Is.EqualTo(new[] { (1.0, "Upload") }));
        Assert.That(_measurements.Of("lalalai.client.operation.duration").Select(each => each.Tags), Is.EqualTo(new[] { "Upload" }));
    }

    [Test]
    public async Task A_download_that_was_resumed_counts_each_byte_once()
    {
        await using var server = ScriptedServer.Start(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 90_000 : null });
        await using var client = ApiClients.For(server.Address);
        var track = new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Type = TrackType.Stem, Label = "vocals", Url = server.Address };

        await client.DownloadAsync(track, Stream.Null);

        Assert.That(_measurements.Of("lalalai.client.transferred"), Is.EqualTo(new[] { (200_000.0, "download") }));
        Assert.That(_measurements.Of("lalalai.client.retries"), Is.EqualTo(new[] { (1.0, "Download") }));
        Assert.That(_measurements.Of("lalalai.client.operation.duration").Select(each => each.Tags), Is.EqualTo(new[] { "Download" }));
    }

    [Test]
    public async Task A_wait_counts_its_checks_and_is_watched_until_it_ends()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 100 });
        await using var client = ApiClients.For(sandbox.BaseAddress, options =>
        {
            options.LicenseKey = sandbox.LicenseKey;
            options.PollingInterval = TimeSpan.FromMilliseconds(50);
        });
        var source = await client.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)), "song.wav");

        await client.WaitAsync(await client.StartAsync(source.Id, new DemuserPresets()));

        Assert.That(_measurements.Of("lalalai.client.checks"), Has.Length.EqualTo(sandbox.Requests.Count(request => request.Operation == "check")).And.All.EqualTo((1.0, string.Empty)));
        Assert.That(_measurements.Of("lalalai.client.tasks.watched"), Is.EqualTo(new[] { (1.0, string.Empty), (-1.0, string.Empty) }));
        Assert.That(_measurements.Of("lalalai.client.retries"), Is.Empty);
    }

    [Test]
    public async Task Disposed_client_watches_no_tasks()
    {
        await using var server = ScriptedServer.StartReading(_ => ApiReply.Error(503));
        var client = ApiClients.For(server.Address);
        var waits = new[] { "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34", "8d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34" }.Select(id => client.WaitAsync(new TaskId(id))).ToList();

        await client.DisposeAsync();

        foreach (var wait in waits)
        {
            await Assert.CatchAsync<ObjectDisposedException>(() => wait);
        }

        Assert.That(_measurements.Of("lalalai.client.tasks.watched").Select(each => each.Value), Is.EqualTo(new[] { 1, 1, -2 }));
    }
}
