using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The program in terminals of different kinds, and with outputs that end early.</summary>
[Category("Slow")]
[Platform("Linux", Reason = "A terminal is made with the script command of util-linux.")]
[CancelAfter(TestLimit.Milliseconds)]
[Parallelizable]
public sealed class TerminalTests : SandboxFixture
{
    private const char Escape = '\u001b';

    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    [OneTimeSetUp]
    public void RequireScript() => TestProcess.Require("script");

    [TestCase("xterm-256color", true)]
    [TestCase("dumb", false)]
    [TestCase("", false)]
    public async Task Terminal_gets_a_board_if_it_can_move_its_cursor_and_lines_otherwise(
        string term,
        bool canMoveCursor,
        CancellationToken cancellationToken)
    {
        var screen = await InTerminalAsync(term, $"dotnet '{Program}' split '{Song}' -o '{Output}'", cancellationToken);

        Assert.That(screen.Contains(Escape, StringComparison.Ordinal), Is.EqualTo(canMoveCursor), screen);
        Assert.That(
            screen,
            canMoveCursor
                ? Does.Contain("✓").And.Contain("1 of 1 files")
                : Does.Contain("song.wav: uploading").And.Contain("[1/1] song.wav"));
    }

    [Test]
    public async Task Full_standard_output_is_reported(CancellationToken cancellationToken)
    {
        var screen = await InTerminalAsync(
            "dumb", $"dotnet '{Program}' split '{Song}' -o '{Output}' > /dev/full; echo code $?", cancellationToken);

        Assert.That(screen, Does.Contain("Standard output could not be written").And.Contain("1 done").And.Contain("code 1"));
    }

    [TestCase("version")]
    [TestCase("--version")]
    [TestCase("help split")]
    [TestCase("completion bash")]
    public async Task Information_that_cannot_be_written_is_reported(string arguments, CancellationToken cancellationToken)
    {
        var screen = await InTerminalAsync("dumb", $"dotnet '{Program}' {arguments} > /dev/full; echo code $?", cancellationToken);

        Assert.That(
            screen,
            Does.StartWith("lalalai: Standard output could not be written").And.Contain("code 1").And.Not.Contain("xception"));
    }

    [TestCase(">&-", "")]
    [TestCase("", "| true")]
    public async Task Closed_standard_output_is_reported(
        string redirection,
        string reader,
        CancellationToken cancellationToken)
    {
        var screen = await InTerminalAsync(
            "dumb",
            $"{{ dotnet '{Program}' split '{Song}' -o '{Output}' {redirection}; echo code $? >&2; }} {reader}",
            cancellationToken);

        Assert.That(screen, Does.Contain("1 done").And.Not.Contain("failed"));
        Assert.That(screen, Does.Contain("Standard output could not be written").And.Contain("code 1"));
        Assert.That(Directory.GetFiles(Path.Combine(Output, "song")), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Closed_terminal_ends_the_run_gracefully(CancellationToken cancellationToken)
    {
        CliProcess.RequireHangUp();
        await UseAsync(new SandboxOptions { Speed = 0.001 });
        var (script, code) = (Path.Combine(Root, "run.sh"), Path.Combine(Root, "code"));
        // A shell that survives its terminal keeps the exit code. The program that it runs does not inherit the trap.
        await File.WriteAllTextAsync(
            script,
            $"trap : HUP\ndotnet '{Program}' split '{Song}' -o '{Output}'\necho $? > '{code}.part'\nmv '{code}.part' '{code}'\n",
            cancellationToken);
        // The shell of the terminal is another one: its end is what the others are notified of.
        using var terminal = Start("xterm", $"sh '{script}'; exit");
        await TestLimit.UntilAsync(
            () => File.Exists(JournalFile.PathIn(Output)) && JournalFile.Entries(Output, "started").Count > 0, cancellationToken);

        // The end of `script` closes its terminal.
        await terminal.KillAsync();
        await TestLimit.UntilAsync(() => File.Exists(code), cancellationToken);

        Assert.That((await File.ReadAllTextAsync(code, cancellationToken)).Trim(), Is.EqualTo("130"));
    }

    [Test]
    public async Task Sandbox_without_ffmpeg_lists_the_formats_that_it_cannot_encode(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(
            new Dictionary<string,
            string>
            { ["PATH"] = Path.GetDirectoryName(Environment.ProcessPath)! },
            "split",
            Song,
            "--sandbox",
            "--format",
            "mp3",
            "-o",
            Output);
        await process.EndAsync(cancellationToken);

        Assert.That(await process.Messages, Does.Contain("ffmpeg was not found, so the sandbox returns WAV"));
    }

    private async Task<string> InTerminalAsync(string term, string command, CancellationToken cancellationToken)
    {
        using var terminal = Start(term, command);
        await terminal.ExitAsync(cancellationToken);
        return terminal.Output;
    }

    private TestProcess Start(string term, string command) => TestProcess.Start(
        "script",
        ["-qefc", command, "/dev/null"],
        new Dictionary<string, string>(Variables) { ["TERM"] = term, ["SHELL"] = "/bin/sh" });
}
