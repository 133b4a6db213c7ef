namespace LalalAi.Cli.Tests;

/// <summary>What a new user tries first: the output is clear and correct.</summary>
public sealed class FirstHourTests : ServiceFixture
{
    [TestCase("splt", "Did you mean 'split'?")]
    [TestCase("nothing", "`lalalai --help` lists the commands.")]
    public async Task Help_of_an_unknown_command_is_a_usage_error(string command, string advice)
    {
        var run = await StartAsync("help", command);

        Assert.That((run.ExitCode, run.Data), Is.EqualTo((2, string.Empty)));
        Assert.That(run.Messages, Does.Contain($"Unknown command '{command}'.").And.Contain(advice));
    }

    [TestCase("split", "WHAT TO SEPARATE")]
    [TestCase("clean", "WHAT TO REMOVE")]
    [TestCase("voice", "VOICE")]
    [TestCase("sandbox", "OPTIONS")]
    [TestCase("cancel", "OPTIONS")]
    public async Task Help_has_the_heading_of_its_command(string command, string heading)
    {
        var help = await StartAsync(command, "--help");

        Assert.That(help.Lines.First(line => line.All(character => char.IsUpper(character) || character == ' ') && line is not
            ("USAGE" or "ARGUMENTS")), Is.EqualTo(heading));
    }

    [Test]
    public async Task Dry_run_in_a_sandbox_shows_the_balance_and_the_price_of_the_next_run()
    {
        var failing = Path.Combine(Root, "fail-no_vocals.wav");
        File.Move(Song, failing);
        var failed = await StartAsync("split", failing, "-o", Output, "--sandbox");

        var dry = await StartAsync("split", failing, "-o", Output, "--sandbox", "--dry-run");
        var resumed = await StartAsync("resume", Output, "--sandbox", "--dry-run");

        Assert.That(failed.ExitCode, Is.EqualTo(1), failed.Messages);
        Assert.That(
            new[] { dry.Messages, resumed.Messages },
            Has.All.Contains("1: 1 to do").And.All.Contains("0.02 minutes").And.All.Contains("600 minutes"));
    }

    [Test]
    public async Task Failed_task_in_a_sandbox_is_started_again_by_the_same_command_as_advised()
    {
        var failing = Path.Combine(Root, "fail-no_vocals.wav");
        File.Move(Song, failing);

        var sandbox = await StartAsync("split", failing, "-o", Output, "--sandbox");
        var service = await StartAsync("split", failing, "-o", Output);

        Assert.That(sandbox.Messages, Does.Contain("The same command starts failed tasks again, in a new sandbox."));
        Assert.That(service.Messages, Does.Contain("add --restart-lost to the same command"));
        Assert.That(sandbox.Messages + service.Messages, Does.Contain("The service could not process it: ").And.Not.Contain(".."));
    }

    [TestCase("out")]
    [TestCase("out/sandbox")]
    public async Task Status_of_a_run_in_a_sandbox_reports_that_its_tasks_ended(string folder)
    {
        await StartAsync("split", Song, "-o", Output, "--sandbox");

        var status = await StartAsync("status", "--from", Path.Combine(Root, folder));

        Assert.That((status.ExitCode, status.Messages.Trim()), Is.EqualTo((
            0, "No tasks are in progress. 1 of 1 recording is done. The sandbox ended with the run, and its tasks with it.")));
    }

    [Test]
    public async Task Summary_of_a_run_with_nothing_to_do_does_not_read_like_a_failure()
    {
        await RunAsync("split");

        var again = await RunAsync("split");

        Assert.That(again.Messages, Does.Match("Files +1 done before\r?\n").And.Match("Tracks +2 on disk before\r?\n"));
    }

    [Test]
    public async Task Minutes_have_the_same_decimals_everywhere()
    {
        SongFile.Write(Root, seconds: 41);

        var dry = await RunAsync("split", "--dry-run");
        var limited = await RunAsync("split", "--max-minutes", "0.5");
        var run = await RunAsync("split");

        Assert.That(limited.Messages, Does.Contain("the next file costs about 0.68."));
        Assert.That(dry.Messages + dry.Data + run.Messages, Does.Contain("0.68 spent").And.Not.Contain("0.683"));
    }

    [Test]
    public async Task Remainder_of_a_multistem_is_named_no_multistem()
    {
        await RunAsync("split");

        var run = await RunAsync("multistem", "--stems", "vocals,drum");
        var again = await RunAsync("multistem", "--stems", "vocals,bass");

        Assert.That(
            run.Lines, Is.EquivalentTo(new[] { "vocals (multistem).wav", "drum (multistem).wav", "no_multistem.wav" }.Select(Track)));
        Assert.That(again.Lines, Is.EquivalentTo(new[] { "vocals (2).wav", "bass (2).wav", "no_multistem (2).wav" }.Select(Track)));
    }

    [TestCase("synthesizer")]
    [TestCase("strings")]
    [TestCase("wind")]
    public async Task Stem_that_needs_phoenix_is_split_without_naming_it(string stem)
    {
        var run = await RunAsync("split", "--stem", stem);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Does.Contain(Track(stem + ".wav")));
    }

    [Test]
    public async Task Rejected_key_is_explained_in_the_terms_of_the_user()
    {
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "wrong-key";

        var run = await StartAsync("minutes");

        Assert.That(run.Messages, Does.StartWith("lalalai: The service rejected the license key (HTTP 403). Check that it is complete"));
        Assert.That(run.Messages, Does.Not.Contain("X-License-Key").And.Not.Contain("MinutesLeft"));
    }

    [Test]
    public async Task Failure_of_a_request_is_whole_sentences_without_the_name_of_an_operation()
    {
        Sandbox.Faults.Add("status=400;on=start");

        var start = await RunAsync("demuse");
        var delete = await StartAsync("delete", Guid.NewGuid().ToString());

        Assert.That(start.Messages, Does.Contain("song.wav: The service rejected the request (HTTP 400").And.Not.Contain("Demuser"));
        Assert.That(delete.Messages, Does.StartWith("lalalai: The service rejected the request (HTTP 400").And.Match(@"[a-z]\.\r?\n$"));
    }

    [Test]
    public async Task Output_folder_that_is_a_file_is_named_as_such()
    {
        var run = await StartAsync("split", Song, "-o", Song);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages.Trim(), Is.EqualTo($"lalalai: The output folder {Song} is a file. Choose a folder with -o."));
    }
}
