namespace LalalAi.Sandbox.Tests;

internal sealed class AudioTests : SandboxFixture
{
    private static IEnumerable<TestCaseData> Formats()
    {
        foreach (var bits in new[] { 8, 16, 24, 32 })
        {
            foreach (var channels in new[] { 1, 2, 6 })
            {
                yield return new TestCaseData(channels, bits, false, false).SetArgDisplayNames($"{bits}-bit, {channels} channels");
            }
        }

        yield return new TestCaseData(1, 32, true, false).SetArgDisplayNames("float, 1 channel");
        yield return new TestCaseData(2, 32, true, false).SetArgDisplayNames("float, 2 channels");
        yield return new TestCaseData(2, 24, false, true).SetArgDisplayNames("extensible 24-bit");
        yield return new TestCaseData(2, 32, true, true).SetArgDisplayNames("extensible float");
    }

    [TestCaseSource(nameof(Formats))]
    public async Task The_stem_and_the_rest_add_up_to_the_source(int channels, int bits, bool isFloat, bool isExtensible)
    {
        var wave = WaveFile.Noise(channels, bits, isFloat: isFloat, isExtensible: isExtensible);
        var tracks = await RunAsync(wave, "split/stem_separator/", new { stem = "vocals" });

        AssertAddUp(wave, tracks, "vocals", "no_vocals");
    }

    [TestCaseSource(nameof(Formats))]
    public async Task Six_stems_and_the_rest_add_up_to_the_source(int channels, int bits, bool isFloat, bool isExtensible)
    {
        var wave = WaveFile.Noise(channels, bits, isFloat: isFloat, isExtensible: isExtensible);
        string[] stems = ["vocals", "drum", "piano", "bass", "electric_guitar", "acoustic_guitar"];
        var tracks = await RunAsync(wave, "split/multistem/", new { stem_list = stems });

        AssertAddUp(wave, tracks, [.. stems, "no_multistem"]);
        Assert.That(tracks.Values.Select(track => string.Join(',', track.Take(500))).Distinct().Count(), Is.EqualTo(7), "tracks that differ");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Lead_and_backing_vocals_add_up_with_the_instrumental(bool isFloat)
    {
        var wave = WaveFile.Noise(2, isFloat ? 32 : 16, isFloat: isFloat);
        var tracks = await RunAsync(wave, "split/stem_separator/", new { stem = "vocals", multivocal = "lead_back" });

        AssertAddUp(wave, tracks.Where(track => track.Key != "mix_no_lead").ToDictionary(), "vocals@0", "vocals@1", "no_vocals");
        Assert.That(tracks["vocals@1"].Zip(tracks["no_vocals"], (a, b) => a + b).ToArray(), Is.Array(tracks["mix_no_lead"]));
    }

    [TestCase("split/demuser/", "music")]
    [TestCase("split/voice_clean/", "voice")]
    public async Task Demuser_and_voice_clean_add_up(string path, string stem)
    {
        var wave = WaveFile.Noise(2, 16);
        var tracks = await RunAsync(wave, path, new { stem });

        AssertAddUp(wave, tracks, stem, $"no_{stem}");
    }

    [TestCase(8, false)]
    [TestCase(16, false)]
    [TestCase(32, true)]
    public async Task A_converted_voice_is_one_track_of_the_same_length_that_differs(int bits, bool isFloat)
    {
        var wave = WaveFile.Noise(2, bits, isFloat: isFloat);
        var tracks = await RunAsync(wave, "change_voice/", new { voice_pack_id = "NIK_ZEL" });

        var source = wave.Decode(wave.ToBytes());
        Assert.That(tracks.Keys, Is.EqualTo(new[] { "converted_mix" }));
        Assert.That(tracks["converted_mix"], Has.Length.EqualTo(source.Length));
        Assert.That(tracks["converted_mix"].Zip(source).Count(pair => pair.First != pair.Second), Is.GreaterThan(source.Length / 2));
    }

    [Test]
    public async Task A_plain_tone_can_be_heard_in_every_stem()
    {
        var wave = WaveFile.Tone(hertz: 440);
        string[] stems = ["vocals", "drum", "piano", "bass", "electric_guitar", "acoustic_guitar"];
        var tracks = await RunAsync(wave, "split/multistem/", new { stem_list = stems });

        Assert.That(tracks.Values.Select(track => track.Max()), Has.All.GreaterThan(100));
    }

    [Test]
    public async Task A_quiet_channel_stays_quiet_beside_a_loud_one()
    {
        var wave = WaveFile.Noise(2, 16);
        for (var frame = 0; frame < wave.Samples.Length; frame += 4)
        {
            wave.Samples[frame + 2] = wave.Samples[frame + 3] = 0;
        }

        var tracks = await RunAsync(wave, "split/stem_separator/", new { stem = "vocals" });
        Assert.That(tracks["vocals"].Where((_, index) => index % 2 == 1), Has.All.Zero);
        Assert.That(tracks["vocals"].Where((_, index) => index % 2 == 0), Has.Some.Not.Zero);
    }

    [Test]
    public async Task File_longer_than_a_block_adds_up_at_the_block_boundaries()
    {
        var wave = WaveFile.Noise(1, 16, seconds: 4);
        var tracks = await RunAsync(wave, "split/stem_separator/", new { stem = "drum" });

        AssertAddUp(wave, tracks, "drum", "no_drum");
    }

    [Test]
    public async Task Content_that_is_not_audio_is_returned_unchanged()
    {
        var bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        var upload = await Client.UploadAsync(bytes, "attachment; filename=song.flac");
        var task = await Client.SplitIdAsync((string)upload.Body["id"]!);
        FinishTasks();

        foreach (var link in (await Client.GetLinksAsync(task)).Values)
        {
            Assert.That(await Http.GetByteArrayAsync(link), Is.Array(bytes));
        }

        Assert.That((int)upload.Body["duration"]!, Is.EqualTo(2), "a second per 16,000 bytes, rounded up");
    }

    [TestCase("RIFF")]
    [TestCase("cut in the header")]
    [TestCase("no samples")]
    [TestCase("zero channels")]
    public async Task Damaged_WAV_file_is_treated_as_unknown_content(string damage)
    {
        var bytes = WaveFile.Noise(1, 16, seconds: 0.01).ToBytes();
        bytes = damage switch
        {
            "RIFF" => "RIFF"u8.ToArray(),
            "cut in the header" => bytes[..30],
            "no samples" => bytes[..56],
            _ => [.. bytes[..34], 0, 0, .. bytes[36..]],
        };
        var task = await Client.SplitIdAsync(await Client.UploadIdAsync(bytes));
        FinishTasks();

        Assert.That(await Http.GetByteArrayAsync((await Client.GetLinksAsync(task))["vocals"]), Is.Array(bytes));
    }

    [Test]
    public async Task Truncated_WAV_file_is_split_up_to_its_end()
    {
        var wave = WaveFile.Noise(2, 16);
        var bytes = wave.ToBytes();
        bytes.AsSpan(bytes.Length - wave.Samples.Length - 4, 4).Fill(0xFF);
        var task = await Client.SplitIdAsync(await Client.UploadIdAsync(bytes));
        FinishTasks();

        var links = await Client.GetLinksAsync(task);
        var vocals = (await Http.GetByteArrayAsync(links["vocals"]))[56..];
        var rest = (await Http.GetByteArrayAsync(links["no_vocals"]))[56..];
        var sum = wave.DecodeSamples(vocals).Zip(wave.DecodeSamples(rest), (a, b) => a + b);
        Assert.That(sum.ToArray(), Is.Array(wave.DecodeSamples(wave.Samples)));
    }

    [Test]
    public async Task A_duration_is_that_of_the_samples_rounded_up_to_seconds()
    {
        var upload = await Client.UploadAsync(WaveFile.Noise(1, 8, seconds: 2.01).ToBytes());
        Assert.That((int)upload.Body["duration"]!, Is.EqualTo(3));
    }

    private static void AssertAddUp(WaveFile wave, Dictionary<string, double[]> tracks, params string[] labels)
    {
        Assert.That(tracks.Keys, Is.EqualTo(labels));
        Assert.That(tracks.Values.Select(track => track.Any(sample => sample != 0)), Has.All.True, "every track can be heard");

        // Floats are added up as floats, one after another, as any mixer would.
        var sum = tracks.Values.Aggregate((mix, track) => [.. mix.Zip(track, (a, b) => wave.IsFloat ? (float)a + (float)b : a + b)]);
        Assert.That(sum, Is.Array(wave.Decode(wave.ToBytes())));
    }

    private async Task<Dictionary<string, double[]>> RunAsync(WaveFile wave, string path, object presets)
    {
        var start = await Client.StartAsync(path, await Client.UploadIdAsync(wave.ToBytes()), presets);
        Assert.That(start.Code, Is.EqualTo(200), start.Body.ToString());
        FinishTasks();
        var tracks = new Dictionary<string, double[]>();
        foreach (var (label, link) in await Client.GetLinksAsync((string)start.Body["task_id"]!))
        {
            tracks[label] = wave.Decode(await Http.GetByteArrayAsync(link));
        }

        return tracks;
    }
}
