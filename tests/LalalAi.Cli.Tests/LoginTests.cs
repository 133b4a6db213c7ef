using System.Text;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests;

/// <summary>The stored license key: who can read it, where it is sent, and what has precedence over it.</summary>
public sealed class LoginTests : ServiceFixture
{
    protected override SandboxOptions Options => new() { LicenseKeys = ["sandbox-key-1234567890", "sandbox-other"] };

    private string KeyFile => Path.Combine(Home, "license-keys.json");

    [SetUp]
    public void Forget_the_key_of_the_environment() => Variables.Remove(LalalAiClientOptions.LicenseKeyVariable);

    [Test]
    public async Task Login_stores_a_key_that_the_service_accepts_and_commands_use_it()
    {
        var login = await LoginAsync("sandbox-key-1234567890");
        var minutes = await StartAsync("minutes");

        Assert.That((login.ExitCode, minutes.ExitCode), Is.EqualTo((0, 0)), login.Messages + minutes.Messages);
        Assert.That(login.Messages, Does.Contain("600 minutes left").And.Not.Contain("1234567890"));
        Assert.That(minutes.Data.Trim(), Is.EqualTo("600"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "The folder of the user's settings is private there.")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Stored_key_is_readable_for_its_owner_only()
    {
        await LoginAsync("sandbox-key-1234567890");

        Assert.That(File.GetUnixFileMode(KeyFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFiles(Home, "*.tmp"), Is.Empty);
    }

    [TestCase("")]
    [TestCase("wrong")]
    public async Task Login_stores_nothing_that_the_service_does_not_accept(string key)
    {
        var login = await LoginAsync(key);

        Assert.That(login.ExitCode, Is.EqualTo(key.Length == 0 ? 2 : 3), login.Messages);
        Assert.That(File.Exists(KeyFile), Is.False);
    }

    [Test]
    public async Task Byte_order_mark_is_no_part_of_a_key()
    {
        var file = Path.Combine(Root, "key.txt");
        File.WriteAllText(file, "sandbox-other\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var login = await LoginAsync("\uFEFFsandbox-key-1234567890\r");
        var minutes = await StartAsync("minutes", "--license-key-file", file);

        Assert.That((login.ExitCode, minutes.ExitCode), Is.EqualTo((0, 0)), login.Messages + minutes.Messages);
        Assert.That(File.ReadAllText(KeyFile), Does.Contain("\"sandbox-key-1234567890\""));
    }

    [Test]
    public async Task Key_that_is_too_long_is_a_mistake_and_is_not_sent()
    {
        var file = Path.Combine(Root, "key.txt");
        File.WriteAllText(file, new string('x', 5000));

        var login = await LoginAsync(new string('x', 5000));
        var minutes = await StartAsync("minutes", "--license-key-file", file);

        Assert.That((login.ExitCode, minutes.ExitCode), Is.EqualTo((2, 2)));
        Assert.That(login.Messages, Does.StartWith("lalalai: Standard input contains more than 4096 characters"));
        Assert.That(minutes.Messages, Does.StartWith($"lalalai: The license key file {file} contains more than 4096 characters"));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "Only Linux has this device.")]
    public async Task Key_without_an_end_is_a_mistake(CancellationToken cancellationToken)
    {
        using var zeros = new StreamReader("/dev/zero");

        var minutes = await Task.Run(() => StartAsync("minutes", "--license-key-file", "/dev/zero"), cancellationToken)
            .WaitAsync(cancellationToken);
        var login = await LoginAsync(zeros).WaitAsync(cancellationToken);

        Assert.That((minutes.ExitCode, login.ExitCode), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Stored_key_is_not_sent_to_another_service()
    {
        await LoginAsync("sandbox-key-1234567890");
        await using var other = await SandboxServer.StartAsync(Options);
        Variables[LalalAiClientOptions.BaseAddressVariable] = other.BaseAddress.ToString();

        var minutes = await StartAsync("minutes");

        Assert.That(minutes.ExitCode, Is.EqualTo(2));
        Assert.That(minutes.Messages, Does.Contain("lalalai login"));
        Assert.That(other.Requests, Is.Empty);
    }

    [Test]
    public async Task File_and_environment_have_precedence_over_the_stored_key()
    {
        await LoginAsync("sandbox-key-1234567890");
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "revoked";
        var file = Path.Combine(Root, "key.txt");
        File.WriteAllText(file, "sandbox-other");

        var environment = await StartAsync("minutes");
        var both = await StartAsync("minutes", "--license-key-file", file);

        Assert.That((environment.ExitCode, both.ExitCode), Is.EqualTo((3, 0)), both.Messages);
    }

    [Test]
    public async Task Logout_removes_the_key()
    {
        await LoginAsync("sandbox-key-1234567890");

        var logout = await StartAsync("logout");
        var again = await StartAsync("logout");
        var minutes = await StartAsync("minutes");

        Assert.That((logout.ExitCode, again.ExitCode, minutes.ExitCode), Is.EqualTo((0, 0, 2)));
        Assert.That(File.ReadAllText(KeyFile), Does.Not.Contain("1234567890"));
        Assert.That(again.Messages, Does.Contain("No license key"));
    }

    [Test]
    public async Task Stored_key_is_found_for_an_address_without_a_slash_at_its_end()
    {
        await using var gateway = ScriptedServer.Start(request => new ScriptedResponse
        {
            Status = request.Path == "/lalal/api/v1/limits/minutes_left/" ? 200 : 404,
            Body = """{ "minutes_left": 5 }""",
        });
        Variables[LalalAiClientOptions.BaseAddressVariable] = $"{gateway.Address}lalal";

        var login = await LoginAsync("sandbox-key-1234567890");
        var minutes = await StartAsync("minutes");
        var logout = await StartAsync("logout");

        Assert.That(
            (login.ExitCode, minutes.ExitCode, minutes.Data.Trim()), Is.EqualTo((0, 0, "5")), login.Messages + minutes.Messages);
        Assert.That(logout.Messages, Does.Contain($"The license key of {gateway.Address}lalal/ was removed"));
    }

    private Task<CommandRun> LoginAsync(string key) => LoginAsync(new StringReader(key + "\n"));

    private Task<CommandRun> LoginAsync(TextReader keys) => StartAsync(["login"], CancellationToken.None, keys);
}
