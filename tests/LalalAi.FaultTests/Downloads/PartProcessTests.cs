namespace LalalAi.FaultTests.Downloads;

/// <summary>Partial files of processes that were killed, or could not write.</summary>
[CancelAfter(TestLimit.Milliseconds)]
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
        var content = PatternStream.Bytes(0, LargeLength);
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
    public async Task Download_that_could_not_write_fails_and_is_resumed_later(
        int kilobytes, CancellationToken cancellationToken)
    {
        var content = PatternStream.Bytes(0, 300_000);
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

    [Test]
    [Platform("Linux,MacOsX", Reason = "The message of the exception is that of Unix.")]
    public async Task DownloadAsync_keeps_its_part_from_another_process_until_the_file_has_its_name(CancellationToken cancellationToken)
    {
        // Neither a tag nor a length: a download that can open the part of another one starts it over.
        var content = PatternStream.Bytes(0, 300_000);
        var isNameTaken = new TaskCompletionSource();
        var isOtherDone = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(request => request.Path == "/gate"
            ? new ScriptedResponse { HoldUntil = isOtherDone.Task }
            : ScriptedResponse.File(request, content, etag: null) with
            {
                ContentLength = -1,
                HoldAfter = request.Number == 1 ? 1000 : null,
                HoldUntil = request.Number == 1 ? isNameTaken.Task : null,
            });
        var track = DownloadProcess.MakeTrack(server.Address, content.Length);
        var gate = new Uri(server.Address, "gate");
        using var first = DownloadProcess.Start(track, _folder, ExistingFileBehavior.Rename, gate: gate);
        await TestLimit.UntilAsync(() => File.Exists(PathOf("song.wav.part")), cancellationToken);
        await File.WriteAllTextAsync(PathOf("song.wav"), "the user's", cancellationToken);
        isNameTaken.SetResult();
        await server.RequestAsync(2);

        // The part is complete, and between its two names.
        Assert.That(new FileInfo(PathOf("song.wav.part")).Length, Is.EqualTo(content.Length));
        Assert.That(Directory.GetFiles(_folder, "*.part*"), Has.Length.EqualTo(2).And.All.Matches<string>(IsLocked));
        using var second = DownloadProcess.Start(track, _folder, ExistingFileBehavior.Rename);
        Assert.That(await second.ExitAsync(cancellationToken), Is.Zero, second.Errors);
        isOtherDone.SetResult();
        Assert.That(await first.ExitAsync(cancellationToken), Is.Zero, first.Errors);

        Assert.That(await File.ReadAllTextAsync(PathOf("song.wav"), cancellationToken), Is.EqualTo("the user's"));
        Assert.That((second.Output.Trim(), first.Output.Trim()), Is.EqualTo((PathOf("song (2).wav"), PathOf("song (3).wav"))));
        Assert.That(await File.ReadAllBytesAsync(PathOf("song (2).wav"), cancellationToken), Is.EqualTo(content));
        Assert.That(await File.ReadAllBytesAsync(PathOf("song (3).wav"), cancellationToken), Is.EqualTo(content));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(3));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static bool IsLocked(string? path)
    {
        try
        {
            new FileStream(path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
