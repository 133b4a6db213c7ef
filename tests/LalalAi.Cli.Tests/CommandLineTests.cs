using LalalAi.Cli.Display;

namespace LalalAi.Cli.Tests;

/// <summary>How arguments are read: paths after a double dash, response files, lists of files, and one bad entry among good ones.</summary>
public sealed class CommandLineTests : ServiceFixture
{
    [Test]
    public async Task Arguments_after_a_double_dash_are_paths()
    {
        var second = SongFile.Write(Root, "second.wav", seconds: 0.2);

        var run = await StartAsync("split", "-s", "vocals", "-o", Output, Song, "--", second);

        Assert.That(run.Lines, Has.Count.EqualTo(4), run.Messages);
    }

    [Test]
    public async Task A_path_may_begin_with_a_dash()
    {
        var missing = await StartAsync("split", "-o", Output, "--", "-01.wav");

        Assert.That(missing.Messages, Does.Contain("-01.wav' does not exist"));
    }

    [Test]
    public async Task A_list_of_files_is_read_and_filtered()
    {
        var list = Path.Combine(Root, "list.txt");
        File.WriteAllText(list, $"{Song}\n{SongFile.Write(Root, "second.wav", seconds: 0.2)}\n");
        SongFile.Write(Directory.CreateDirectory(Path.Combine(Root, "more")).FullName, "third.wav", seconds: 0.3);
        SongFile.Write(Path.Combine(Root, "more"), "fourth.wav", seconds: 0.4);

        var run = await StartAsync(
            "split", Path.Combine(Root, "more"), "--files-from", list, "--exclude", "four*", "-o", Output, "--json");
        var included = await StartAsync("demuse", Path.Combine(Root, "more"), "--include", "four*", "-o", Output, "--json");

        Assert.That(run.Events("finished"), Has.Count.EqualTo(3), run.Messages);
        Assert.That((string?)included.Events("finished").Single()["file"], Does.EndWith("fourth.wav"), included.Messages);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Names cannot contain line breaks there.")]
    public async Task A_list_of_files_may_be_separated_by_zero_bytes()
    {
        var song = Path.Combine(Root, "line\nbreak.wav");
        File.Copy(Song, song);
        var list = Path.Combine(Root, "list");
        File.WriteAllText(list, $"{song}\0");

        var run = await StartAsync("split", "--files-from", list, "-o", Output, "--json");

        Assert.That((string?)run.Events("finished").Single()["file"], Is.EqualTo(song), run.Messages);
    }

    [Test]
    public async Task A_response_file_has_one_argument_per_line()
    {
        var file = Path.Combine(Root, "arguments");
        File.WriteAllText(file, $"# the song\n{Song}\n-o\n{Output}\n");

        var run = await StartAsync("split", $"@{file}");

        Assert.That(run.Lines, Has.Count.EqualTo(2), run.Messages);
    }

    [Test]
    public async Task A_response_file_may_include_another_one_more_than_once()
    {
        var (outer, inner) = (Path.Combine(Root, "outer"), Path.Combine(Root, "inner"));
        File.WriteAllText(inner, $"{Song}\n");
        File.WriteAllText(outer, $"@{inner}\n@{inner}\n--json\n-o\n{Output}\n");

        var run = await StartAsync("split", $"@{outer}");

        Assert.That(run.Events("finished"), Has.Count.EqualTo(1), run.Messages);
    }

    [TestCase("first", "first", "first")]
    [TestCase("first", "second", "second")]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task A_response_file_that_includes_itself_is_a_mistake(
        string first,
        string second,
        string last,
        CancellationToken cancellationToken)
    {
        (first, second, last) = (Path.Combine(Root, first), Path.Combine(Root, second), Path.Combine(Root, last));
        File.WriteAllText(first, $"@{second}\n");
        File.WriteAllText(last, $"@{first}\n");

        var run = await Task.Run(() => StartAsync("split", $"@{first}"), cancellationToken).WaitAsync(cancellationToken);

        Assert.That((run.ExitCode, run.Messages.Trim()), Is.EqualTo((
            2, $"lalalai: The response file '{first}' includes itself. Remove the line '@{first}' from '{last}'.")));
    }

    [TestCase("drums", "drum.wav")]
    [TestCase("vocal", "vocals.wav")]
    public async Task Stem_has_common_aliases(string stem, string track)
    {
        var run = await RunAsync("split", "--stem", stem);

        Assert.That(run.Lines, Does.Contain(Track(track)), run.Messages);
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform(Exclude = "Win", Reason = "Links need a privilege there.")]
    public async Task Invalid_entry_does_not_stop_the_others(bool isDryRun)
    {
        var songs = Directory.CreateDirectory(Path.Combine(Root, "songs")).FullName;
        SongFolder.Write(songs, 2);
        File.CreateSymbolicLink(Path.Combine(songs, "broken.wav"), Path.Combine(Root, "nowhere.wav"));
        File.WriteAllText(Path.Combine(songs, "book.epub"), "text");

        var run = await StartAsync(["split", songs, "-r", "-o", Output, "--json", .. isDryRun ? new[] { "--dry-run" } : []]);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(run.Events(isDryRun ? "priced" : "finished"), Has.Count.EqualTo(2), run.Messages);
        Assert.That((string?)run.Events("file_failed").Single()["file"], Does.EndWith("broken.wav"));
        Assert.That(run.Messages, Does.Contain("1 file of other types (epub)"));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform(Exclude = "Win", Reason = "There are no such files.")]
    public async Task Link_to_a_pipe_fails_without_affecting_other_files(CancellationToken cancellationToken)
    {
        var songs = Directory.CreateDirectory(Path.Combine(Root, "songs")).FullName;
        SongFolder.Write(songs, 1);
        await TestProcess.RunAsync("mkfifo", Path.Combine(Root, "pipe"));
        File.CreateSymbolicLink(Path.Combine(songs, "pipe.wav"), Path.Combine(Root, "pipe"));

        var run = await Task.Run(() => StartAsync(["split", songs, "-o", Output, "--json"], cancellationToken), cancellationToken)
            .WaitAsync(cancellationToken);

        Assert.That(run.Events("finished"), Has.Count.EqualTo(1), run.Messages);
        Assert.That((string?)run.Events("file_failed").Single()["file"], Does.EndWith("pipe.wav"));
    }

    [TestCase("/dev/null")]
    [TestCase("/dev/null", "--dry-run")]
    [TestCase("pipe.wav")]
    [TestCase("pipe.wav", "--dry-run")]
    [Platform(Exclude = "Win", Reason = "There are no such files.")]
    public async Task Pipe_or_device_is_not_a_regular_file(string path, params string[] options)
    {
        await TestProcess.RunAsync("mkfifo", Path.Combine(Root, "pipe.wav"));

        // A pipe that is opened waits for a writer.
        var run = await Task.Run(() => StartAsync(["split", Path.Combine(Root, path), "-o", Output, .. options])).SoonAsync();

        Assert.That((run.ExitCode, run.Messages.Contains("not a regular file", StringComparison.Ordinal)), Is.EqualTo((2, true)), run.Messages);
    }

    [TestCase(false)]
    [TestCase(true)]
    [Platform("Linux", Reason = "Other systems have no such names.")]
    public async Task Name_that_is_not_UTF_8_is_a_failure_of_its_own(bool isDryRun)
    {
        var songs = Directory.CreateDirectory(Path.Combine(Root, "songs")).FullName;
        SongFolder.Write(songs, 1);
        await TestProcess.RunAsync("sh", "-c", "cp \"$1\" \"$2/$(printf 'caf\\351').wav\"", "sh", Song, songs);

        var run = await StartAsync(["split", songs, "-o", Output, "--json", .. isDryRun ? new[] { "--dry-run" } : []]);
        // .NET cannot delete it either.
        await TestProcess.RunAsync("rm", "-r", songs);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(run.Events(isDryRun ? "priced" : "finished"), Has.Count.EqualTo(1), run.Messages);
        Assert.That((string?)run.Events("file_failed").Single()["message"], Does.Contain("not valid UTF-8"));

        var named = await StartAsync("split", (string)run.Events("file_failed").Single()["file"]!, "-o", Output);
        Assert.That((named.ExitCode, named.Messages.Contains("not valid UTF-8", StringComparison.Ordinal)), Is.EqualTo((2, true)), named.Messages);
    }

    [TestCase("@")]
    [TestCase("--files-from=")]
    public async Task File_of_arguments_that_is_too_long_is_rejected(string prefix)
    {
        var file = Path.Combine(Root, "long.txt");
        await using (var content = File.Create(file))
        {
            content.SetLength(20_000_000);
        }

        var run = await StartAsync("split", prefix + file, "-o", Output);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("long.txt").And.Contain("more than 10,000,000 characters"));
    }

    [Test]
    public async Task A_full_standard_output_does_not_fail_the_recordings()
    {
        var messages = new StringWriter();
        var output = new Output(new FullWriter(), TextWriter.Synchronized(messages), isPlain: true, isDataTerminal: false);

        var code = await new CommandLine(output, CommandRun.Context(Variables)).RunAsync(["split", Song, "-o", Output], CancellationToken.None);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(
            messages.ToString(), Does.Contain("1 done").And.Contain("Standard output could not be written").And.Not.Contain("failed"));
        Assert.That(Directory.GetFiles(Path.Combine(Output, "song")), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_dry_run_needs_no_license_key()
    {
        Variables.Remove(LalalAiClientOptions.LicenseKeyVariable);

        var run = await RunAsync("split", "--dry-run");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Messages, Does.Contain("0.02 minutes").And.Contain("not known"));
    }

    [TestCase("bash")]
    [TestCase("zsh")]
    [TestCase("fish")]
    [TestCase("pwsh")]
    public async Task A_completion_script_asks_the_program(string shell)
    {
        var run = await StartAsync("completion", shell);

        Assert.That((run.ExitCode, run.Messages), Is.EqualTo((0, string.Empty)));
        Assert.That(run.Data, Does.Contain("[suggest:").And.Contain("lalalai"));
    }

    [TestCase("split --ste", "--stem")]
    [TestCase("split --stem ", "electric_guitar")]
    [TestCase("sp", "split")]
    public async Task Completion_suggests_commands_options_and_values(string line, string expected)
    {
        var run = await StartAsync($"[suggest:{line.Length + 8}]", $"lalalai {line}");

        Assert.That(run.Lines, Does.Contain(expected));
    }

    [Test]
    public async Task Help_of_a_command_fits_80_columns_and_shows_what_matters_first()
    {
        var help = await StartAsync("help", "split");

        Assert.That(help.Data.Split('\n'), Has.All.Property("Length").LessThanOrEqualTo(80));
        Assert.That(
            help.Data.IndexOf("--stem", StringComparison.Ordinal),
            Is.LessThan(help.Data.IndexOf("--license-key-file", StringComparison.Ordinal)));
        Assert.That(help.Data, Is.EqualTo((await StartAsync("split", "--help")).Data));
    }

    [Test]
    public async Task Names_with_line_breaks_are_safe_on_standard_output()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var song = Path.Combine(Root, "line\nbreak.wav");
        File.Move(Song, song);

        var run = await StartAsync("split", song, "-o", Output, "--print0");

        Assert.That(run.Data.Split('\0', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.Exist);
        Assert.That(run.Messages, Does.Not.Contain("line\nbreak"));
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Flush() => throw new IOException("No space left on device");
    }
}
