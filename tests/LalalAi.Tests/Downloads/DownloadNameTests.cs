namespace LalalAi.Tests.Downloads;

internal sealed class DownloadNameTests : DownloadFixture
{
    private static readonly object[] Names =
    [
        new object[] { "filename=\"../evil.mp3\"", "evil.mp3" },
        new object[] { "filename=\"..\\..\\evil.mp3\"", "evil.mp3" },
        new object[] { "filename=\"/etc/cron.d/evil.mp3\"", "evil.mp3" },
        new object[] { "filename*=UTF-8''..%2F..%2Fevil.mp3", "evil.mp3" },
        new object[] { "filename*=UTF-8''%2E%2E", "vocals.wav" },
        new object[] { "filename=\"C:\\Windows\\evil.mp3\"", "evil.mp3" },
        new object[] { "filename=\"song.mp3:hidden\"", "song.mp3_hidden.wav" },
        new object[] { "filename=\"NUL.mp3\"", "_NUL.mp3" },
        new object[] { "filename=\"\"", "vocals.wav" },
        new object[] { "filename=\"   \"", "vocals.wav" },
        new object[] { "filename=\"..\"", "vocals.wav" },
        new object[] { "filename*=UTF-8''two%0D%0Alines.mp3", "twolines.mp3" },
        new object[] { "filename*=UTF-8''%00.mp3", "mp3.wav" },
        new object[] { "filename*=UTF-8''%F0%9F%98%80.mp3", "😀.mp3" },
        new object[] { "filename=\"naïve 日本.mp3\"", "naïve 日本.mp3" },
        new object[] { "filename=\".profile\"", "profile.wav" },
        new object[] { "filename=\"song.mp3.part\"", "song.mp3_part.wav" },
        new object[] { $"filename=\"{new string('x', 300)}.mp3\"", new string('x', 246) + ".mp3" },
        new object[] { $"filename=\"{string.Concat(Enumerable.Repeat("😀", 75))}.mp3\"", string.Concat(Enumerable.Repeat("😀", 61)) + ".mp3" },
        new object[] { "filename=\"no extension\"", "no extension.wav" },
        new object[] { "filename=song.mp3", "song.mp3" },
        new object[] { "FILENAME=\"song.mp3\"", "song.mp3" },
        new object[] { "filename=\"plain.mp3\"; filename*=UTF-8''na%C3%AFve.mp3", "naïve.mp3" },
        new object[] { "filename*=utf-8'en'na%C3%AFve.mp3; filename=\"plain.mp3\"", "naïve.mp3" },
        new object[] { "filename=\"a;b=c.mp3\"; x=\"y\"", "a;b=c.mp3" },
        new object[] { "filename=\"=?utf-8?B?bmHDr3ZlLm1wMw==?=\"", "naïve.mp3" },
        new object[] { "filename=\"unclosed.mp3", "vocals.wav" },
        new object[] { "filename=", "vocals.wav" },
    ];

    [TestCaseSource(nameof(Names))]
    public async Task File_stays_in_the_folder_with_any_name_from_the_server(string parameter, string name)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, name: null) with { Headers = ["Content-Type: audio/wav", $"Content-Disposition: attachment; {parameter}"] });
        var inner = PathOf("inner");

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), inner);

        Assert.That(file.Path, Is.EqualTo(Path.Combine(inner, name)));
        Assert.That(Files, Is.EqualTo(new[] { $"inner/{name}" }));
        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.Array(Content));
    }

    [TestCaseSource(nameof(Names))]
    public async Task Existing_file_is_not_overwritten_with_any_name_from_the_server(string parameter, string name)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, name: null) with { Headers = ["Content-Type: audio/wav", $"Content-Disposition: attachment; {parameter}"] });
        await File.WriteAllTextAsync(PathOf(name), "precious");

        var file = await NewClient().DownloadAsync(MakeTrack(server.Address), Folder);

        Assert.That(await File.ReadAllTextAsync(PathOf(name)), Is.EqualTo("precious"));
        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.Array(Content));
        Assert.That(Path.GetDirectoryName(file.Path), Is.EqualTo(Folder));
        Assert.That(Files.Count(), Is.EqualTo(2));
    }

    [TestCase("song", "audio/mpeg", "song.mp3")]
    [TestCase("song.flac", "audio/mpeg", "song.flac")]
    [TestCase("../song.flac", "audio/mpeg", "song.flac")]
    [TestCase(null, "audio/flac", "vocals@0.flac")]
    [TestCase(null, "application/octet-stream", "vocals@0.ogg")]
    [TestCase("..", null, "vocals@0.ogg")]
    public async Task Name_comes_from_the_track_and_then_its_label_if_the_server_sends_none(string? trackName, string? type, string name)
    {
        var server = Serve(request => ScriptedResponse.File(request, Content, name: null) with { Headers = type is null ? [] : [$"Content-Type: {type}"] });

        await NewClient().DownloadAsync(MakeTrack(new Uri(server.Address, "tracks/1.ogg?signature=abc"), "vocals@0", trackName), Folder);

        Assert.That(Files, Is.EqualTo(new[] { name }));
    }

    [Test]
    public async Task A_template_with_a_folder_is_resumed_there()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content) with { CutAfter = request.Number == 1 ? 100_000 : null });
        var options = MakeOptions();
        options.MaxRetries = 0;
        var naming = new DownloadOptions { NameTemplate = "{name}/{label}.{ext}" };
        await Assert.ThrowsAsync<LalalAiConnectionException>(
            () => NewClient(options).DownloadAsync(MakeTrack(server.Address), Folder, naming));
        Assert.That(Files, Is.EqualTo(new[] { "song/vocals.wav.part", VocalsRecord }));

        await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, naming);

        Assert.That(Files, Is.EqualTo(new[] { "song/vocals.wav" }));
        Assert.That(server.Requests[1].From, Is.EqualTo(100_000));
    }

    [Test]
    public async Task Unknown_placeholder_is_reported_before_anything_is_sent()
    {
        var server = Serve(request => ScriptedResponse.File(request, Content));

        await Assert.ThrowsAsync<ArgumentException>(() => NewClient().DownloadAsync(MakeTrack(server.Address), Folder, new DownloadOptions { NameTemplate = "{stem}" }, null, default));

        Assert.That(server.Requests, Is.Empty);
    }
}
