using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>What each of the job commands does with a song.</summary>
public sealed class JobTests : ServiceFixture
{
    private static IEnumerable<TestCaseData> Jobs()
    {
        yield return new TestCaseData("split", Array.Empty<string>(), new[] { "vocals.wav", "no_vocals.wav" }, 1);
        yield return new TestCaseData(
            "split",
            new[] { "--stem", "electric-guitar", "--splitter", "phoenix" },
            new[] { "electric_guitar.wav", "no_electric_guitar.wav" },
            1);
        yield return new TestCaseData(
            "split",
            new[] { "--multivocal", "--dereverb", "--extraction-level", "clear_cut" },
            new[] { "lead_vocals.wav", "backing_vocals.wav", "no_vocals.wav", "no_lead_vocals.wav" },
            1);
        yield return new TestCaseData("split", new[] { "--format", "flac" }, new[] { "vocals.flac", "no_vocals.flac" }, 1);
        yield return new TestCaseData(
            "multistem", new[] { "--stems", "vocals, drum,bass" }, new[] { "vocals.wav", "drum.wav", "bass.wav", "no_multistem.wav" }, 3);
        yield return new TestCaseData("demuse", new[] { "--splitter", "andromeda" }, new[] { "music.wav", "no_music.wav" }, 1);
        yield return new TestCaseData(
            "clean", new[] { "--noise-cancelling", "aggressive", "--dereverb" }, new[] { "voice.wav", "no_voice.wav" }, 1);
        yield return new TestCaseData(
            "voice",
            new[] { "--voice", "alex-kaye", "--accent", "0.5", "--tonality", "voice_pack" },
            new[] { "converted_mix (ALEX_KAYE).wav" },
            1);
    }

    [TestCaseSource(nameof(Jobs))]
    public async Task A_song_becomes_its_tracks(string command, string[] options, string[] tracks, int stems)
    {
        var run = await RunAsync(command, options);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(Directory.GetFiles(Path.Combine(Output, "song")).Select(Path.GetFileName), Is.EquivalentTo(tracks));
        Assert.That(run.Lines, Is.EquivalentTo(tracks.Select(Track)), "The paths are what programs get.");
        Assert.That(600 - await MinutesLeftAsync(), Is.EqualTo(stems / 60.0).Within(0.001));
    }

    [Test]
    public async Task Presets_are_sent_as_they_were_given()
    {
        var run = await RunAsync("clean", "--noise-cancelling", "normal", "--dereverb", "--splitter", "perseus", "--format", "mp3");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(JournalFile.Entries(Output, "run").Single()["presets"]!.ToString(Newtonsoft.Json.Formatting.None), Is.EqualTo(
            """{"task_type":"split","label":"voice_clean","stem":"voice","noise_cancelling_level":1,"splitter":"perseus","""
                + "\"dereverb_enabled\":true,\"encoder_format\":\"mp3\"}"));
    }

    [Test]
    public async Task Source_in_another_spelling_is_deleted_once()
    {
        await RunAsync("split");
        var source = (string)JournalFile.Entries(Output, "source").Single()["source"]!["id"]!;

        var run = await StartAsync("delete", source.ToUpperInvariant(), "--from", Output);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(JournalFile.Entries(Output, "deleted").Select(entry => (string?)entry["source_id"]), Is.EqualTo(new[] { source }));
    }

    [Test]
    public async Task Source_is_deleted_after_its_downloads_if_requested()
    {
        var run = await RunAsync("split", "--delete", "--json");

        var source = (string)run.Events("uploaded").Single()["source_id"]!;
        await using var client = Connect();
        Assert.That((string?)run.Events("deleted").Single()["source_id"], Is.EqualTo(source));
        await Assert.ThrowsAsync<LalalAiApiException>(() => client.DeleteSourceAsync(new SourceId(source)));
        Assert.That(Track("vocals.wav"), Does.Exist);
    }

    [Test]
    public async Task The_summary_contains_the_minutes_that_were_spent_and_are_left()
    {
        var run = await RunAsync("split");
        var json = await RunAsync("demuse", "--json");

        Assert.That(run.Messages, Does.Contain("600 minutes left").And.Match("Minutes +0.02 spent, 599.98 left"));
        Assert.That((double)json.Events("summary").Single()["minutes_after"]!, Is.EqualTo(600 - (2 / 60.0)).Within(0.001));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Minutes_that_another_program_spends_are_not_those_of_the_run(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add("status=503;on=check;times=2");
        var running = RunAsync("split");
        await TestLimit.UntilAsync(() => Sandbox.GetReport().Starts == 1, cancellationToken);
        await Sandbox.SeedAsync(new SandboxSeed { MinutesLeft = 300 }, cancellationToken);

        var run = await running;

        Assert.That(run.Messages, Does.Match("Minutes +0.02 spent, "));
    }

    [Test]
    public async Task A_dry_run_prices_what_it_can_and_does_nothing()
    {
        File.Copy(Song, Path.Combine(Root, "unknown.mp3"));
        await RunAsync("split");

        var run = await StartAsync("multistem", Root, "--stems", "vocals,bass", "--dry-run", "-o", Output);
        var done = await RunAsync("split", "--dry-run", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        // The copy has a content that the service has seen, and is processed once.
        Assert.That(run.Messages, Does.Contain("2: 1 to do, 1 duplicate").And.Contain("0.03 minutes"));
        Assert.That((int)done.Events("price").Single()["to_do"]!, Is.Zero);
        Assert.That(JournalFile.Entries(Output, "run"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Dry_run_lists_unknown_prices_and_warns_above_the_cap()
    {
        File.WriteAllBytes(Path.Combine(Root, "unknown.mp3"), new byte[1000]);

        var run = await StartAsync("split", Root, "--dry-run", "--max-minutes", "0.01", "-o", Output);

        Assert.That(run.ExitCode, Is.EqualTo(4));
        Assert.That(run.Messages, Does.Contain("1 file could not be priced").And.Contain("over the limit"));
        Assert.That(Directory.Exists(Output), Is.False);
    }
}
