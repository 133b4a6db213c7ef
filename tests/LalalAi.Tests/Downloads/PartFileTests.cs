using System.Runtime.ExceptionServices;

namespace LalalAi.Tests.Downloads;

/// <summary>Partial files: which bytes are trusted, and how they are locked.</summary>
internal sealed class PartFileTests : DownloadFixture
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(60_000)]
    public async Task DownloadAsync_trusts_only_what_was_flushed(int flushed)
    {
        // After a power cut a file can have its length and zeros instead of its content.
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), [.. Content[..flushed], .. new byte[100_000 - flushed]]);
        await File.WriteAllTextAsync(PathOf(VocalsRecord), Record(flushed));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(server.Requests.Single().From ?? 0, Is.EqualTo(flushed));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task DownloadAsync_does_not_finish_a_part_that_was_complete_but_not_flushed()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav.part"), new byte[Content.Length]);
        await File.WriteAllTextAsync(PathOf(VocalsRecord), Record(flushed: 0));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [TestCase("../outside.part")]
    [TestCase("/tmp/outside.part")]
    [TestCase("notes.txt")]
    [TestCase("")]
    public async Task DownloadAsync_ignores_a_record_that_names_another_file(string part)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("notes.txt"), "precious");
        await File.WriteAllTextAsync(PathOf(VocalsRecord), Record(1000).Replace("song.wav.part", part, StringComparison.Ordinal));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(await File.ReadAllTextAsync(PathOf("notes.txt")), Is.EqualTo("precious"));
    }

    [Test]
    public async Task DownloadAsync_keeps_its_part_locked_until_the_file_has_its_name()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, etag: null) with { ContentLength = -1 });
        var isOpened = false;

        await NewClient().DownloadAsync(
            MakeTrack(server.Address), Folder, null, new Observer<TransferProgress>(_ => isOpened |= CanOpen(PathOf("song.wav.part"))));

        Assert.That(isOpened, Is.False);
        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    [Platform("Linux,MacOsX", Reason = "The message of the exception is that of Unix.")]
    public async Task DownloadAsync_keeps_its_part_locked_while_the_file_gets_its_name()
    {
        var isOpened = new List<bool>();

        await DownloadWithTakenNameAsync(() => isOpened.AddRange([CanOpen(PathOf("song.wav.part")), CanOpen(PathOf(VocalsRecord))]));

        Assert.That(isOpened, Is.EqualTo(new[] { false, false }));
        Assert.That(Read("song (2).wav"), Is.Array(Content));
    }

    [Test]
    [Platform("Linux,MacOsX", Reason = "The message of the exception is that of Unix.")]
    public async Task DownloadAsync_takes_a_name_that_becomes_free_while_the_file_gets_its_name()
    {
        await DownloadWithTakenNameAsync(() => File.Delete(PathOf("song.wav")));

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [Test]
    public async Task DownloadAsync_is_never_shortened_by_another_download_of_the_track()
    {
        // Neither a length nor a tag: a download that finds an unlocked part starts it over.
        var server = Serve(request => ScriptedResponse.File(request, Content, etag: null) with { ContentLength = -1 });

        for (var round = 0; round < 50; round++)
        {
            var folder = PathOf($"{round}");
            var files = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => NewClient().DownloadAsync(MakeTrack(server.Address), folder))));

            Assert.That(files.Select(file => new FileInfo(file.Path).Length), Is.All.EqualTo(Content.Length));
            Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(4));
        }
    }

    [Test]
    [Category("Slow")]
    public async Task DownloadAsync_does_not_look_into_other_folders()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, name: $"{request.Path[1..]}.wav"));
        for (var number = 0; number < 10_000; number++)
        {
            Directory.CreateDirectory(PathOf($"song-{number}"));
        }

        var client = NewClient();
        var options = new DownloadOptions { NameTemplate = "{name}/{label}.{ext}" };
        await client.DownloadAsync(MakeTrack(new Uri(server.Address, "warm-up")), Folder, options);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await client.DownloadAsync(MakeTrack(new Uri(server.Address, "new")), Folder, options);

        // Each folder would cost its path and a listing: more than 10,000 times 300 bytes.
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(2_000_000));
        Assert.That(Read("new/vocals.wav"), Is.Array(Content));
    }

    [TestCase("exact name.mp3")]
    [TestCase("CON")]
    [TestCase("no extension")]
    [TestCase(".hidden")]
    [TestCase("song.part")]
    public async Task DownloadToFileAsync_gives_the_file_exactly_its_name(string name)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        var file = await NewClient().DownloadToFileAsync(MakeTrack(server.Address), Path.Combine(Folder, "folder", name));

        Assert.That(file.Path, Is.EqualTo(Path.Combine(Folder, "folder", name)));
        Assert.That(Files, Is.EqualTo(new[] { $"folder/{name}" }));
    }

    [Test]
    public async Task DownloadToFileAsync_takes_a_name_as_long_as_the_file_system_allows()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var name = new string('x', 251) + ".wav";

        await NewClient().DownloadToFileAsync(MakeTrack(server.Address), PathOf(name));

        Assert.That(Files, Is.EqualTo(new[] { name }));
    }

    [Test]
    public async Task DownloadToFileAsync_fails_before_it_sends_anything_if_the_file_exists()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("song.wav"), "old");

        await Assert.ThrowsAsync<LalalAiDownloadException>(
            () => NewClient().DownloadToFileAsync(MakeTrack(server.Address), PathOf("song.wav")));

        Assert.That(server.Requests, Is.Empty);
        Assert.That(await File.ReadAllTextAsync(PathOf("song.wav")), Is.EqualTo("old"));
    }

    [TestCase("a/b.wav")]
    [TestCase("..")]
    [TestCase(" ")]
    [TestCase("a\0b")]
    public void DownloadAsync_rejects_a_file_name_that_is_not_one(string name) =>
        Assert.That(
            () => NewClient().DownloadAsync(MakeTrack("http://127.0.0.1/"), Folder, new DownloadOptions { FileName = name }),
            Throws.ArgumentException);

    /// <summary>Downloads while another program takes the final name.</summary>
    /// <param name="whenNotMoved">Called when the part could not be moved to that name.</param>
    private async Task DownloadWithTakenNameAsync(Action whenNotMoved)
    {
        // The runtime reports the exception of the move when it is thrown.
        void OnThrown(object? sender, FirstChanceExceptionEventArgs thrown)
        {
            if (thrown.Exception is IOException && thrown.Exception.Message.Contains(PathOf("song.wav'"), StringComparison.Ordinal))
            {
                whenNotMoved();
            }
        }

        AppDomain.CurrentDomain.FirstChanceException += OnThrown;
        try
        {
            await DownloadWithTakenNameAsync();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= OnThrown;
        }
    }

    private static bool CanOpen(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Record(int flushed) =>
        $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","etag":"\"one\"","total":200003,"flushed":{{flushed}}}""";
}
