using System.Runtime.Versioning;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The prompt of <c>lalalai login</c> in a terminal, as a person uses it.</summary>
[Category("Slow")]
[Platform("Linux", Reason = "The terminal is made with Python's pty, and its mode is read as on Linux.")]
[SupportedOSPlatform("linux")]
[CancelAfter(TestLimit.Milliseconds)]
[Parallelizable]
public sealed class LoginPromptTests : SandboxFixture
{
    private const string Key = "sandbox-key-1234567890";

    /// <summary>
    /// Runs a program in a terminal, types once the prompt is there and the terminal shows nothing that is typed, and prints the screen.
    /// </summary>
    private const string TypeAtThePrompt = """
        import os, pty, signal, sys, termios, time
        program, keys = sys.argv[2:], sys.argv[1].encode().decode('unicode_escape').encode()
        pid, terminal = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvp(program[0], program)
        screen, typed = b'', False
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            if not data:
                break
            screen += data
            if not typed and b'not shown' in screen:
                while termios.tcgetattr(terminal)[3] & termios.ECHO:
                    time.sleep(0.001)
                os.write(terminal, keys)
                typed = True
        print(screen.decode(errors='replace'))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
        """;

    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    protected override SandboxOptions Options => new() { LicenseKeys = [Key] };

    private string KeyFile => Path.Combine(Home, "license-keys.json");

    private Dictionary<string, string> KeylessVariables =>
        Variables.Where(variable => variable.Key != LalalAiClientOptions.LicenseKeyVariable).ToDictionary();

    [SetUp]
    public async Task Require_python()
    {
        try
        {
            await TestProcess.RunAsync("python3", "-c", "import pty");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no python3, which makes the terminal.");
        }
    }

    [Test]
    public async Task Login_hides_the_key_and_stores_it_for_its_owner_only(CancellationToken cancellationToken)
    {
        var (login, screen) = await TypeAsync($"{Key}\\r", cancellationToken);
        var mode = File.GetUnixFileMode(KeyFile);
        var minutes = await CommandRun.StartAsync(["minutes"], CommandRun.Context(KeylessVariables), cancellationToken);
        var logout = await CommandRun.StartAsync(["logout"], CommandRun.Context(KeylessVariables), cancellationToken);

        Assert.That((login, minutes.Data.Trim(), logout.ExitCode), Is.EqualTo((0, "600", 0)), screen);
        Assert.That(mode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(screen, Does.Contain("The key was accepted").And.Not.Contain("1234567890"));
        Assert.That(File.ReadAllText(KeyFile), Does.Not.Contain("1234567890"));
    }

    [Test]
    public async Task Login_lets_a_mistake_be_corrected(CancellationToken cancellationToken)
    {
        var (login, screen) = await TypeAsync($"{Key}xy\\x7f\\x7f\\r", cancellationToken);

        Assert.That(login, Is.Zero, screen);
    }

    [Test]
    public async Task Login_stores_nothing_that_the_service_rejects(CancellationToken cancellationToken)
    {
        var (login, screen) = await TypeAsync("a-wrong-key-4711\\r", cancellationToken);

        Assert.That(login, Is.EqualTo(3), screen);
        Assert.That(screen, Does.Not.Contain("4711"));
        Assert.That(File.Exists(KeyFile), Is.False);
    }

    [TestCase("\\r")]
    [TestCase("  \\r")]
    public async Task Login_without_a_key_explains_how_to_pass_one(string keys, CancellationToken cancellationToken)
    {
        var (login, screen) = await TypeAsync(keys, cancellationToken);

        Assert.That(login, Is.EqualTo(2), screen);
        Assert.That(screen, Does.Contain("No license key was entered"));
    }

    [Test]
    public async Task Login_reads_the_key_from_standard_input(CancellationToken cancellationToken)
    {
        using var login = TestProcess.Start("sh", ["-c", $"echo {Key} | dotnet '{Program}' login"], KeylessVariables);

        Assert.That(await login.ExitAsync(cancellationToken), Is.Zero, login.Errors);
        Assert.That(File.Exists(KeyFile), Is.True);
    }

    [TestCase("\\x03")]
    [TestCase("sandbox-key\\x03")]
    public async Task Login_ends_at_Ctrl_C(string keys, CancellationToken cancellationToken)
    {
        var (login, screen) = await TypeAsync(keys, cancellationToken);

        Assert.That(login, Is.EqualTo(130), screen);
        Assert.That(File.Exists(KeyFile), Is.False);
    }

    private async Task<(int ExitCode, string Screen)> TypeAsync(string keys, CancellationToken cancellationToken)
    {
        using var terminal = TestProcess.Start(
            "python3",
            ["-c", TypeAtThePrompt, keys, "dotnet", Program, "login"],
            new Dictionary<string, string>(KeylessVariables) { ["TERM"] = "xterm-256color" });
        var exitCode = await terminal.ExitAsync(cancellationToken);
        return (exitCode, terminal.Output);
    }
}
