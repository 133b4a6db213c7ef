namespace LalalAi.Cli.Tests;

/// <summary>The program that runs after each recording.</summary>
[Platform(Exclude = "Win", Reason = "The programs are those of a Unix system.")]
public sealed class ExecTests : ServiceFixture
{
    [Test]
    public async Task Program_gets_the_paths_of_the_tracks()
    {
        var run = await RunAsync("split", "--exec", "printf [%s]");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Messages, Does.Contain($"[{Track("vocals.wav")}][{Track("no_vocals.wav")}]"));
    }

    [Test]
    public async Task Output_of_the_program_is_written_by_a_quiet_run()
    {
        var run = await RunAsync("split", "--exec", "printf [%s]", "--quiet");

        Assert.That(run.Messages.Trim(), Is.EqualTo($"[{Track("vocals.wav")}][{Track("no_vocals.wav")}]"));
    }

    [Test]
    public async Task Placeholders_stand_for_recording_folder_and_tracks()
    {
        var run = await RunAsync("split", "--exec", "printf \"<%s> \" -i={input} {folder} {}");

        Assert.That(
            run.Messages, Does.Contain($"<-i={Song}> <{Path.Combine(Output, "song")}> <{Track("vocals.wav")}> <{Track("no_vocals.wav")}>"));
    }

    [Test]
    public async Task Name_of_a_recording_runs_nothing()
    {
        var song = Path.Combine(Root, "$(touch injected); `touch injected` & .wav");
        File.Move(Song, song);

        var run = await StartAsync("split", song, "-o", Output, "--exec", "printf %s {input}");

        Assert.That(run.Messages, Does.Contain(song));
        Assert.That(File.Exists("injected"), Is.False);
    }

    [TestCase("\"unclosed", "a quote is not closed")]
    [TestCase("printf \"%s\" \"{input}", "a quote is not closed")]
    [TestCase(" ", "--exec is empty")]
    [TestCase("no-such-program-0815 {}", "'no-such-program-0815', was not found")]
    [TestCase("/no/such/program", "'/no/such/program', was not found")]
    public async Task Program_that_cannot_be_run_is_a_mistake(string program, string reason)
    {
        var run = await RunAsync("split", "--exec", program);

        Assert.That((run.ExitCode, Sandbox.GetReport().Uploads), Is.EqualTo((2, 0)));
        Assert.That(run.Messages, Does.Contain(reason));
    }

    [TestCase("false", "exit code 1")]
    [TestCase("/etc/passwd", "cannot be started")]
    public async Task Program_that_fails_is_reported_and_its_recording_stays_done(string program, string reason)
    {
        var run = await RunAsync("split", "--exec", program);
        var again = await RunAsync("split", "--exec", program);

        Assert.That((run.ExitCode, again.ExitCode), Is.EqualTo((1, 0)), again.Messages);
        Assert.That(run.Messages, Does.Contain("The tracks are complete, but").And.Contain(reason).And.Contain("1 done, 1 failed"));
    }
}
