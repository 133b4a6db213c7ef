using System.Globalization;
using LalalAi.Sandbox.Audio;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Media;

/// <summary>Files of every kind are decoded, split and encoded, with ffmpeg and without.</summary>
internal sealed class MediaTests : SandboxFixture
{
    private const double Step = 1 / 32768.0;

    // A few are enough for every run.
    private static readonly string[] Quick = ["s16.wav", "s24.aif", "cbr.mp3", "s16.flac", "video.mp4"];

    private static IEnumerable<TestCaseData> Files => MediaFile.All.Select(
        file => Quick.Contains(file.Name) ? new TestCaseData(file) : new TestCaseData(file).SetCategory("Slow"));

    protected override SandboxOptions CreateOptions() => new() { TimeProvider = Clock };

    [TestCaseSource(nameof(Files))]
    public async Task Tracks_add_up_to_the_source_and_come_back_in_its_format(MediaFile file)
    {
        var path = await file.CreateAsync();
        using var folder = new TestFolder();
        var source = await UploadAsync(Client, file, path);
        var before = await Client.GetMinutesLeftAsync();
        var own = await SplitAsync(Client, source, encoderFormat: null, folder);
        var charge = before - await Client.GetMinutesLeftAsync();
        var wav = await SplitAsync(Client, source, encoderFormat: "wav", folder);
        var reference = await MediaFile.DecodeAsync(path);
        var sum = wav.Tracks.Select(track => Read(track.Path)).Aggregate((mix, track) => [.. mix.Zip(track, (one, other) => one + other)]);
        var difference = sum.Zip(reference, (one, other) => Math.Abs(one - Math.Clamp(other, -1, 1 - Step))).Max();
        var format = await MediaFile.ProbeAsync(own.Tracks[0].Path);
        var media = await ProbeAsync(path, Ffmpeg.Find());
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {file.Name} | {media.Decoder} | {(media.Seconds - MediaFile.Seconds) * 1000:0} ms | {charge * 60:0} s | {difference / Step:0.0} steps "
                + $"| {format}, {Path.GetExtension(own.Tracks[0].Name)} |"));

        Assert.Multiple(() =>
        {
            Assert.That(media.Decoder, Is.EqualTo(file.Decoder));
            Assert.That(media.Seconds, Is.EqualTo(MediaFile.Seconds).Within(0.15));
            Assert.That(charge, Is.EqualTo(2 / 60.0).Within(1e-9), "the decoded length in whole seconds");
            Assert.That(sum.Length / (double)reference.Length, Is.EqualTo(1).Within(0.05), "the same length as ffmpeg decodes");
            Assert.That(difference, Is.LessThanOrEqualTo(file.Tolerance));
            Assert.That(format, Is.EqualTo(file.Format));
            Assert.That(own.Tracks.Concat(wav.Tracks).Select(track => track.Size), Is.EqualTo(
                own.Tracks.Concat(wav.Tracks).Select(track => new FileInfo(track.Path).Length)));
            Assert.That(own.Tracks.Select(track => Path.GetExtension(track.Name)), Has.All.EqualTo(file.TrackExtension));
            Assert.That(own.Tracks.Select(track => track.SentName), Is.EqualTo(own.Tracks.Select(track => track.Name)));
            Assert.That(own.Tracks.Select(track => track.Note), file.Format.StartsWith("wav", StringComparison.Ordinal)
                && file.Extension != ".wav" ? Has.All.StartsWith("wav") : Has.All.Null);
            Assert.That(wav.Tracks.Select(track => Path.GetExtension(track.Name)), Has.All.EqualTo(".wav"));
        });
    }

    [TestCaseSource(nameof(Files))]
    public async Task File_is_split_without_ffmpeg_or_its_task_fails_with_the_reason(MediaFile file)
    {
        var path = await file.CreateAsync();
        await using var server = await SandboxServer.StartAsync(CreateOptions() with { UseFfmpeg = false });
        using var client = new ApiClient(server);
        using var folder = new TestFolder();
        var own = await SplitAsync(client, await UploadAsync(client, file, path), encoderFormat: null, folder);
        var format = own.Error ?? await MediaFile.ProbeAsync(own.Tracks[0].Path);
        var charge = 600 - await client.GetMinutesLeftAsync();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {file.Name} | {charge * 60:0} s | {format} |"));

        Assert.Multiple(() =>
        {
            if (file.Decoder == Decoder.Ffmpeg)
            {
                Assert.That(own.Error, Does.Contain("Install ffmpeg"));
                Assert.That(charge, Is.Zero);
                return;
            }

            Assert.That(charge, Is.EqualTo(2 / 60.0).Within(1e-9));
            Assert.That(format, Is.EqualTo(file.Decoder == Decoder.Pcm ? file.Format : "wav/pcm_s16le"));
            Assert.That(own.Tracks.Select(track => Path.GetExtension(track.Name)), Has.All.EqualTo(
                file.Decoder == Decoder.Pcm ? file.Extension : ".wav"));
            Assert.That(own.Tracks.Select(track => track.ContentType), Has.All.EqualTo(
                format.StartsWith("aiff", StringComparison.Ordinal) ? "audio/aiff" : "audio/wav"));
            Assert.That(own.Tracks.Select(track => track.Note), file.Decoder == Decoder.Pcm
                || file.Extension == ".wav" ? Has.All.Null : Has.All.Contain("without ffmpeg"));
        });
    }

    [TestCase("mp3", "mp3/mp3", "audio/mpeg")]
    [TestCase("flac", "flac/flac", "audio/flac", Category = "Slow")]
    [TestCase("aac", "aac/aac", "audio/aac", Category = "Slow")]
    [TestCase("ogg", "ogg/vorbis", "audio/ogg", Category = "Slow")]
    [TestCase("wav", "wav/pcm_s16le", "audio/wav")]
    public async Task Encoder_format_is_the_format_of_the_tracks(string encoderFormat, string format, string contentType)
    {
        MediaFile.RequireFfmpeg();
        using var folder = new TestFolder();
        var song = SandboxSong.Create(TimeSpan.FromSeconds(1));
        var split = await SplitAsync(Client, (await Client.UploadAsync(song)).Body, encoderFormat, folder);

        Assert.That(await MediaFile.ProbeAsync(split.Tracks[0].Path), Is.EqualTo(format));
        Assert.That(split.Tracks.Select(track => (Path.GetExtension(track.Name), track.ContentType)), Has.All.EqualTo(
            ($".{encoderFormat}", contentType)));
    }

    [TestCase("mp3")]
    [TestCase("flac")]
    public async Task Encoder_format_without_ffmpeg_falls_back_to_WAV_with_a_note(string encoderFormat)
    {
        await using var server = await SandboxServer.StartAsync(CreateOptions() with { UseFfmpeg = false });
        using var client = new ApiClient(server);
        using var folder = new TestFolder();
        var split = await SplitAsync(
            client, (await client.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)))).Body, encoderFormat, folder);

        Assert.That(
            split.Tracks.Select(track => (Path.GetExtension(track.SentName), track.ContentType)), Has.All.EqualTo((".wav", "audio/wav")));
        Assert.That(split.Tracks.Select(track => track.Note), Has.All.Contain("without ffmpeg"));
    }

    [Test]
    public async Task A_file_under_another_formats_name_gets_tracks_with_the_right_extension()
    {
        using var folder = new TestFolder();
        var upload = await Client.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)), "attachment; filename=song.mp3");
        var split = await SplitAsync(Client, upload.Body, encoderFormat: null, folder);

        Assert.That(split.Tracks.Select(track => track.SentName), Has.All.EndsWith(".wav"));
    }

    [TestCase("text")]
    [TestCase("noise")]
    [TestCase("zeros")]
    [TestCase("a damaged WAV file")]
    [TestCase("a playlist of other files")]
    [TestCase("a picture")]
    [TestCase("one byte")]
    public async Task Content_that_is_not_media_fails_its_task_costs_nothing_and_is_never_split(string content)
    {
        var noise = new byte[50_000];
        new Random(1).NextBytes(noise);
        var bytes = content switch
        {
            "text" => "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n"u8.ToArray(),
            "noise" => noise,
            "zeros" => new byte[50_000],
            "a damaged WAV file" => WaveFile.Noise(1, 16, seconds: 0.01).ToBytes()[..30],
            "a playlist of other files" => "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/hostname\n#EXT-X-ENDLIST\n"u8.ToArray(),
            "a picture" => Convert.FromBase64String(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
            _ => [1],
        };
        using var folder = new TestFolder();
        var upload = await Client.UploadAsync(bytes, "attachment; filename=song.mp3");
        var split = await SplitAsync(Client, upload.Body, encoderFormat: null, folder);

        Assert.That((int)upload.Body["duration"]!, Is.Zero);
        Assert.That(split.Error, Does.Contain("decode").And.Contain("PassThrough"));
        Assert.That((await Client.GetMinutesLeftAsync(), Server.GetReport().MinutesSpent), Is.EqualTo((600, 0)));
    }

    [TestCase("song.mp3")]
    [TestCase("song.ogg")]
    [TestCase("song.opus")]
    public async Task A_compressed_file_is_split_on_every_machine(string name)
    {
        await using var server = await SandboxServer.StartAsync(CreateOptions() with { UseFfmpeg = false });
        using var client = new ApiClient(server);
        using var folder = new TestFolder();
        var upload = await client.UploadAsync(
            await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Media", name)), $"attachment; filename={name}");
        var split = await SplitAsync(client, upload.Body, encoderFormat: null, folder);
        var tracks = split.Tracks.Select(track => Read(track.Path)).ToArray();

        Assert.That((int)upload.Body["duration"]!, Is.EqualTo(1));
        Assert.That(tracks.Select(track => track.Max()), Has.All.GreaterThan(0.01), "both can be heard");
        Assert.That(tracks[0].Zip(tracks[1]).Count(pair =>
            Math.Abs(pair.First - pair.Second) > 0.001), Is.GreaterThan(tracks[0].Length / 4), "they differ");
    }

    [Test]
    public async Task A_file_that_turns_out_to_be_damaged_fails_its_task_and_gives_the_minutes_back()
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Media", "song.opus"));
        DamagePackets(bytes);
        using var folder = new TestFolder();
        await using var server = await SandboxServer.StartAsync(CreateOptions() with { UseFfmpeg = false });
        using var client = new ApiClient(server);
        var upload = await client.UploadAsync(bytes, "attachment; filename=song.opus");
        var split = await SplitAsync(client, upload.Body, encoderFormat: null, folder);

        Assert.That((int)upload.Body["duration"]!, Is.EqualTo(1), "its pages say how long it is");
        Assert.That(split.Error, Does.Contain("damaged"));
        Assert.That((await client.GetMinutesLeftAsync(), server.GetReport().MinutesSpent), Is.EqualTo((600, 0)));
    }

    /// <summary>Overwrites the audio in an Ogg file, and leaves its structure.</summary>
    private static void DamagePackets(Span<byte> file)
    {
        for (int page = 0, offset = 0; offset < file.Length; page++)
        {
            var segments = file.Slice(offset + 27, file[offset + 26]).ToArray();
            var payload = file.Slice(offset + 27 + segments.Length, segments.Sum(length => length));
            offset += 27 + segments.Length + payload.Length;
            if (page >= 2)
            {
                payload.Fill(0x07);
            }
        }
    }

    private static async Task<Audio.Media> ProbeAsync(string path, Ffmpeg? ffmpeg)
    {
        var wav = Path.GetTempFileName();
        File.Delete(wav);
        try
        {
            return await new MediaDecoder(ffmpeg).ProbeAsync(path, wav, onlyKnown: false, CancellationToken.None);
        }
        finally
        {
            File.Delete(wav);
        }
    }

    /// <summary>The samples of an uncompressed file, from -1 to 1.</summary>
    private static double[] Read(string path)
    {
        using var file = File.OpenRead(path);
        Assert.That(MediaDecoder.ReadPcm(file), Is.Not.Null);
        var layout = MediaDecoder.ReadPcm(file)!.Value.Layout;
        var bytes = new byte[layout.DataLength];
        file.Position = layout.DataOffset;
        file.ReadExactly(bytes);
        layout.FixOrder(bytes);
        var samples = new double[bytes.Length / layout.Samples.Width];
        layout.Samples.Read(bytes, layout.Samples.Width, samples);
        return [.. samples.Select(sample => sample / layout.Samples.FullScale)];
    }

    private static async Task<JObject> UploadAsync(ApiClient client, MediaFile file, string path)
    {
        var upload = await client.UploadAsync(await File.ReadAllBytesAsync(path), $"attachment; filename={file.Name}");
        Assert.That(upload.Code, Is.EqualTo(200), upload.Body.ToString());
        return upload.Body;
    }

    private async Task<(IReadOnlyList<Track> Tracks, string? Error)> SplitAsync(
        ApiClient client, JObject source, string? encoderFormat, TestFolder folder)
    {
        var start = await client.StartAsync(
            "split/stem_separator/", (string)source["id"]!, new { stem = "vocals", encoder_format = encoderFormat });
        Assert.That(start.Code, Is.EqualTo(200), start.Body.ToString());
        FinishTasks();
        var task = await client.CheckAsync((string)start.Body["task_id"]!);
        if ((string?)task["status"] == "error")
        {
            return ([], (string)task["error"]!["detail"]!);
        }

        Assert.That((string?)task["status"], Is.EqualTo("success"), task.ToString());
        return (await Task.WhenAll(task["result"]!["tracks"]!.Select(track => DownloadAsync(client, track, folder))), null);
    }

    private static async Task<Track> DownloadAsync(ApiClient client, JToken track, TestFolder folder)
    {
        using var response = await client.Http.GetAsync((string)track["url"]!);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        var path = Path.Combine(folder.Path, Guid.NewGuid().ToString());
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        response.Headers.TryGetValues("X-Sandbox-Format", out var note);
        var headers = response.Content.Headers;
        var sentName = headers.ContentDisposition!.FileName!.Trim('"');
        return new Track(path, (string)track["name"]!, sentName, headers.ContentType!.MediaType!, (long)track["size"]!, note?.Single());
    }

    private sealed record Track(string Path, string Name, string SentName, string ContentType, long Size, string? Note);

    private sealed class TestFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lalalai-tests-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
