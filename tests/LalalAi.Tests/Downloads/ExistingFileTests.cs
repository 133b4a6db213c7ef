namespace LalalAi.Tests.Downloads;

internal sealed class ExistingFileTests : DownloadFixture
{
    [Test]
    public async Task Rename_numbers_the_new_file_past_those_that_exist()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("song.wav"), "one");
        Directory.CreateDirectory(PathOf("song (2).wav"));

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(file.Path, Is.EqualTo(PathOf("song (3).wav")));
        Assert.That(await File.ReadAllTextAsync(PathOf("song.wav")), Is.EqualTo("one"));
    }

    [TestCase(ExistingFileBehavior.Rename, "song (2).wav")]
    [TestCase(ExistingFileBehavior.Overwrite, "song.wav")]
    [TestCase(ExistingFileBehavior.Skip, "song.wav")]
    public async Task Only_Rename_keeps_a_file_that_appears_during_the_download(ExistingFileBehavior existing, string name)
    {
        var file = await DownloadWithTakenNameAsync(new DownloadOptions { ExistingFile = existing });

        Assert.That(file.Path, Is.EqualTo(PathOf(name)));
        Assert.That(Read(name), Is.Array(Content));
        Assert.That(Files, Is.EquivalentTo(new[] { "song.wav", name }.Distinct()));
        Assert.That(File.ReadAllText(PathOf("song.wav")) == "the user's", Is.EqualTo(existing == ExistingFileBehavior.Rename));
    }

    [Test]
    public async Task Overwrite_replaces_the_file_once_the_new_one_is_complete()
    {
        var release = new TaskCompletionSource();
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = 1000, HoldUntil = release.Task });
        await File.WriteAllTextAsync(PathOf("song.wav"), "old");
        string? meanwhile = null;

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Overwrite }, new Observer<TransferProgress>(_ =>
        {
            meanwhile ??= File.ReadAllText(PathOf("song.wav"));
            release.TrySetResult();
        }), default);

        Assert.That(meanwhile, Is.EqualTo("old"));
        Assert.That(file.Path, Is.EqualTo(PathOf("song.wav")));
        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [TestCase(ExistingFileBehavior.Overwrite)]
    [TestCase(ExistingFileBehavior.Rename)]
    public async Task Symbolic_link_with_the_final_name_is_not_followed(ExistingFileBehavior existing)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("precious.txt"), "precious");
        File.CreateSymbolicLink(PathOf("song.wav"), PathOf("precious.txt"));

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = existing });

        Assert.That(await File.ReadAllTextAsync(PathOf("precious.txt")), Is.EqualTo("precious"));
        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.Array(Content));
        Assert.That(new FileInfo(file.Path).LinkTarget, Is.Null);
    }

    [Test]
    public async Task Dangling_symbolic_link_counts_as_an_existing_file()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        File.CreateSymbolicLink(PathOf("song.wav"), PathOf("nowhere"));

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(file.Path, Is.EqualTo(PathOf("song (2).wav")));
        Assert.That(File.Exists(PathOf("nowhere")), Is.False);
    }

    [Test]
    public async Task Skip_keeps_a_file_of_the_same_length()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = 1000 });
        await File.WriteAllBytesAsync(PathOf("song.wav"), OtherContent.Concat(new byte[Content.Length - OtherContent.Length]).ToArray());
        var reports = new Observer<TransferProgress>();

        var file = await NewClient().DownloadAsync(
            MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip }, reports);

        Assert.That(file, Is.EqualTo(new DownloadedFile(file.Track, PathOf("song.wav"), Content.Length)));
        Assert.That(Read("song.wav")[..1000], Is.Array(OtherContent[..1000]));
        Assert.That(reports.All.Select(report => report.Fraction), Is.EqualTo(new[] { 1.0 }));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Skip_uses_the_size_of_the_task_if_the_server_reports_none()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { ContentLength = -1, HoldAfter = 1000 });
        await File.WriteAllBytesAsync(PathOf("song.wav"), new byte[Content.Length]);

        var file = await NewClient().DownloadAsync(
            MakeTrack(server.Address, size: Content.Length), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip });

        Assert.That(file.Size, Is.EqualTo(Content.Length));
        Assert.That(Read("song.wav"), Is.Array(new byte[Content.Length]));
    }

    [Test]
    public async Task Skip_deletes_the_part_of_an_earlier_download()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 1000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        var naming = new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip };
        await Assert.CatchAsync(() => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, naming));
        Assert.That(Files, Is.EqualTo(PartOfVocals));
        await File.WriteAllBytesAsync(PathOf("song.wav"), Content);

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, naming);

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Skip_deletes_the_record_of_a_download_that_was_killed_after_its_rename()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        var track = MakeTrack(server.Address);
        await File.WriteAllBytesAsync(PathOf("song.wav"), Content);
        await File.WriteAllTextAsync(
            PathOf(VocalsRecord),
            $$"""{"task":"{{Task1}}","label":"vocals","part":"song.wav.part","name":"song.wav","total":{{Content.Length}}}""");

        await NewClient().DownloadAsync(track, Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip });

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Download_ignores_an_empty_record_of_a_killed_process()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf(VocalsRecord), []);

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Skip_replaces_a_file_of_another_length()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllBytesAsync(PathOf("song.wav"), OtherContent);

        await NewClient().DownloadAsync(
            MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip });

        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Fail_keeps_the_file_and_throws_with_advice()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));
        await File.WriteAllTextAsync(PathOf("song.wav"), "old");

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Fail }));

        Assert.That(exception!.Message, Does.Contain(PathOf("song.wav")).And.Contain("ExistingFile"));
        Assert.That(await File.ReadAllTextAsync(PathOf("song.wav")), Is.EqualTo("old"));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
    }

    [Test]
    public async Task Fail_downloads_if_no_file_exists()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        await NewClient().DownloadAsync(
            MakeTrack(server.Address), Folder, new DownloadOptions { ExistingFile = ExistingFileBehavior.Fail });

        Assert.That(Read("song.wav"), Is.Array(Content));
    }

    [TestCase(ExistingFileBehavior.Rename)]
    [TestCase(ExistingFileBehavior.Overwrite)]
    [TestCase(ExistingFileBehavior.Skip)]
    public async Task Concurrent_downloads_with_one_name_are_two_files(ExistingFileBehavior existing)
    {
        var both = new CountdownEvent(2);
        var release = new TaskCompletionSource();
        var server = Serve(request => ScriptedResponse.File(request, request.Path == "/a" ? Content : OtherContent) with { HoldAfter = 1000, HoldUntil = release.Task });
        var naming = new DownloadOptions { ExistingFile = existing };

        Task<DownloadedFile> Start(string path)
        {
            var begun = 0;
            return NewClient().DownloadAsync(MakeTrack(new Uri(server.Address, path), path), Folder, naming, new Observer<TransferProgress>(_ =>
            {
                if (Interlocked.Exchange(ref begun, 1) == 0 && both.Signal())
                {
                    release.SetResult();
                }
            }), default);
        }

        var files = await Task.WhenAll(Start("a"), Start("b"));

        Assert.That(await File.ReadAllBytesAsync(files[0].Path), Is.Array(Content));
        Assert.That(await File.ReadAllBytesAsync(files[1].Path), Is.Array(OtherContent));
        Assert.That(Files, Is.EqualTo(new[] { "song (2).wav", "song.wav" }));
    }

    [Test]
    public async Task Concurrent_downloads_of_one_track_do_not_share_a_part()
    {
        var both = new CountdownEvent(2);
        var release = new TaskCompletionSource();
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = 1000, HoldUntil = release.Task });

        Task<DownloadedFile> Start()
        {
            var begun = 0;
            return NewClient().DownloadAsync(MakeTrack(server.Address), Folder, null, new Observer<TransferProgress>(_ =>
            {
                if (Interlocked.Exchange(ref begun, 1) == 0 && both.Signal())
                {
                    release.SetResult();
                }
            }), default);
        }

        await Task.WhenAll(Start(), Start());

        Assert.That(Files, Is.EqualTo(new[] { "song (2).wav", "song.wav" }));
        Assert.That(Read("song.wav"), Is.Array(Content));
        Assert.That(Read("song (2).wav"), Is.Array(Content));
    }
}
