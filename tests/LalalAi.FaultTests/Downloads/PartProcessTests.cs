namespace LalalAi.FaultTests.Downloads;

/// <summary>What a process leaves that was killed, or that could not write.</summary>
[CancelAfter(120_000)]
internal sealed class PartProcessTests
{
    // More than a background flush waits for, so that one happens before the download is complete.
    private const int LargeLength = 70 * 1024 * 1024;

    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("lalalai-processes-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    [Platform("Linux")]
    public async Task A_killed_download_is_resumed_from_what_was_flushed(CancellationToken cancellationToken)
    {
        var content = MakeContent(LargeLength);
        await using var server = ScriptedServer.Start(
            request => ScriptedResponse.File(request, content) with { HoldAfter = request.Number == 1 ? content.Length - 1000 : null });
        var track = DownloadProcess.MakeTrack(server.Address, null);
        using (var process = DownloadProcess.Start(track, _folder, ExistingFileBehavior.Rename))
        {
            await TestLimit.UntilAsync(HasFlushed, cancellationToken);
            await process.KillAsync();
        }

        await using var client = DownloadProcess.CreateClient();
        var file = await client.DownloadAsync(track, _folder, cancellationToken: cancellationToken);

        Assert.That((await File.ReadAllBytesAsync(file.Path, cancellationToken)).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(server.Requests[1].From, Is.GreaterThanOrEqualTo(64 * 1024 * 1024));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));

        // The record is locked for reading by .NET, not for others.
        bool HasFlushed()
        {
            var record = Directory.GetFiles(_folder, "*.part.json").FirstOrDefault();
            if (record is null)
            {
                return false;
            }

            var text = TestProcess.RunAsync("cat", record).GetAwaiter().GetResult();
            return text.Contains("\"flushed\":", StringComparison.Ordinal) && !text.Contains("\"flushed\":0", StringComparison.Ordinal);
        }
    }

    [TestCase(150)]
    [TestCase(10)]
    [Platform("Linux,MacOsX")]
    public async Task A_download_that_could_not_write_says_so_and_is_resumed_when_there_is_room(
        int kilobytes, CancellationToken cancellationToken)
    {
        var content = MakeContent(300_000);
        await using var server = ScriptedServer.Start(request => ScriptedResponse.File(request, content));
        var track = DownloadProcess.MakeTrack(server.Address, null);
        using (var process = DownloadProcess.Start(track, _folder, ExistingFileBehavior.Rename, kilobytes))
        {
            Assert.That(await process.ExitAsync(cancellationToken), Is.EqualTo(1), process.Errors);
            Assert.That(process.Errors, Does.Contain(nameof(LalalAiDownloadException)).And.Contain(_folder).And.Contain("Make room"));
            Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Has.None.EqualTo("song.wav"));
        }

        await using var client = DownloadProcess.CreateClient();
        var file = await client.DownloadAsync(track, _folder, cancellationToken: cancellationToken);

        Assert.That(await File.ReadAllBytesAsync(file.Path, cancellationToken), Is.EqualTo(content));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(2), "A write that failed is not retried.");
        Assert.That(server.Requests[1].From, Is.GreaterThan(0).And.LessThanOrEqualTo(kilobytes * 1024));
    }

    private static byte[] MakeContent(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }
}
