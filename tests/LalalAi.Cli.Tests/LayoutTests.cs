namespace LalalAi.Cli.Tests;

/// <summary>Where tracks go: names depend on the recordings only, and are valid on every system.</summary>
public sealed class LayoutTests : ServiceFixture
{
    private string Songs => Path.Combine(Root, "songs");

    [Test]
    public async Task Recordings_of_one_name_differ_by_extension()
    {
        Write("a.wav", "a.aiff", "a.flac");

        await StartAsync("split", Songs, "-o", Output, "--uploads", "16");

        Assert.That(Folders(), Is.EquivalentTo(new[] { "a (aiff)", "a (flac)", "a (wav)" }));
    }

    [Test]
    public async Task Copies_of_a_recording_are_named_after_the_first_one()
    {
        Directory.CreateDirectory(Songs);
        for (var copy = 0; copy < 20; copy++)
        {
            File.Copy(Song, Path.Combine(Songs, $"copy{copy:00}.wav"));
        }

        var run = await StartAsync("split", Songs, "-o", Output);

        Assert.That(Folders(), Is.EqualTo(new[] { "copy00" }), run.Messages);
        Assert.That(run.Messages, Does.Contain("1 done, 19 duplicate"));
    }

    [Test]
    public async Task Recordings_of_one_name_and_extension_differ_by_folder()
    {
        Write("CD1/01 Intro.wav", "CD2/01 Intro.wav");

        await StartAsync("split", Path.Combine(Songs, "CD2"), Path.Combine(Songs, "CD1"), "-o", Output);

        Assert.That(Folders(), Is.EquivalentTo(new[] { "01 Intro (CD1)", "01 Intro (CD2)" }));
    }

    [TestCase("What?.wav", "What_")]
    [TestCase("AC:DC.wav", "AC_DC")]
    [TestCase("CON.wav", "_CON")]
    [TestCase("back\\slash.wav", "back_slash")]
    [TestCase("dots..wav", "dots")]
    [TestCase("{name}.wav", "(name)")]
    [Platform(Exclude = "Win", Reason = "These names cannot be created there.")]
    public async Task Folders_have_names_that_every_file_system_accepts(string file, string folder)
    {
        Write(file);

        var run = await StartAsync("split", Songs, "-o", Output);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(Folders(), Is.EqualTo(new[] { folder }));
    }

    [Test]
    public async Task A_name_of_255_bytes_leaves_room_for_the_tracks()
    {
        Write(new string('n', 255));
        Directory.CreateDirectory(Output);

        var run = await StartAsync("split", Path.Combine(Songs, new string('n', 255)), "-o", Output);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Has.Count.EqualTo(2).And.All.Exist);
    }

    [Test]
    public async Task Tracks_of_another_stem_go_into_the_folder_of_the_recording()
    {
        await RunAsync("split", "--stem", "vocals");
        await RunAsync("split", "--stem", "bass");
        await RunAsync("voice", "--voice", "ALEX_KAYE");
        await RunAsync("voice", "--voice", "VETRANA");

        Assert.That(Directory.GetFiles(Path.Combine(Output, "song")).Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "vocals.wav", "no_vocals.wav", "bass.wav", "no_bass.wav", "converted_mix (ALEX_KAYE).wav", "converted_mix (VETRANA).wav",
        }));
    }

    [Test]
    public async Task A_template_puts_all_tracks_into_one_folder()
    {
        var run = await RunAsync("split", "--output-template", "{name} ({stem}).{ext}");
        var again = await RunAsync("split", "--output-template", "{name} ({stem}).{ext}", "--json");

        Assert.That(
            run.Lines,
            Is.EquivalentTo(new[] { Path.Combine(Output, "song (vocals).wav"), Path.Combine(Output, "song (no_vocals).wav") }),
            run.Messages);
        Assert.That(again.Events("skipped"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Folder_with_other_content_is_not_changed()
    {
        Directory.CreateDirectory(Path.Combine(Output, "song"));
        File.WriteAllText(Path.Combine(Output, "song", "vocals.wav"), "mine");

        await RunAsync("split");

        Assert.That(Folders(), Is.EquivalentTo(new[] { "song", "song (2)" }));
        Assert.That(File.ReadAllText(Path.Combine(Output, "song", "vocals.wav")), Is.EqualTo("mine"));
    }

    private void Write(params string[] names)
    {
        foreach (var (name, number) in names.Select((name, number) => (name, number)))
        {
            var path = Path.Combine(Songs, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(SongFile.Write(Root, "new.wav", seconds: 0.1 + (number * 0.01)), path);
        }
    }

    private IEnumerable<string?> Folders() => Directory.GetDirectories(Output).Select(Path.GetFileName);
}
