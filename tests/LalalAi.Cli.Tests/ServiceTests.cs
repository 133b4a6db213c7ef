using LalalAi.Cli.Tests.Processes;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>Commands against a service that the environment names.</summary>
public sealed class ServiceTests : ServiceFixture
{
    protected override SandboxOptions Options => new() { Speed = 1000, MinutesPerLicense = 1, LicenseKeys = ["sandbox-key"] };

    [Test]
    public async Task Minutes_and_packs_are_read_as_text_and_as_json()
    {
        var minutes = await StartAsync("minutes");
        var json = await StartAsync("minutes", "--json");
        var packs = await StartAsync("packs", "--json");

        Assert.That(minutes.Lines, Is.EqualTo(new[] { "1" }));
        Assert.That((double)JObject.Parse(json.Data)["minutes_left"]!, Is.EqualTo(1));
        Assert.That(packs.Lines.Select(line => (string?)JObject.Parse(line)["event"]), Has.All.EqualTo("pack"));
        Assert.That(packs.Lines, Is.Not.Empty);
    }

    [Test]
    public async Task The_status_of_a_task_is_shown_and_an_unknown_one_fails()
    {
        var split = await RunAsync("split", "--json");
        var task = (string)split.Events("started").Single()["task_id"]!;

        var status = await StartAsync("status", task);
        var unknown = await StartAsync("status", "11111111-2222-4333-8444-555555555555");
        var wrong = await StartAsync("status", "not-an-id");

        Assert.That((status.ExitCode, status.Data.Trim()), Is.EqualTo((0, $"{task}  success  vocals, no_vocals")));
        Assert.That((unknown.ExitCode, wrong.ExitCode), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Missing_key_is_reported_with_the_ways_to_set_it()
    {
        Variables.Remove(LalalAiClientOptions.LicenseKeyVariable);

        var run = await StartAsync("minutes");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("LALALAI_LICENSE_KEY").And.Contain("--sandbox"));
    }

    [Test]
    public async Task Rejected_key_exits_with_3_and_is_never_shown()
    {
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "secret-0815";

        var run = await StartAsync("minutes", "--json");

        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Messages + run.Data, Does.Not.Contain("0815"));
        Assert.That((int?)JObject.Parse(run.Data)["exit_code"], Is.EqualTo(3));
    }

    [Test]
    public async Task Run_that_exhausts_the_minutes_exits_with_4()
    {
        await UseAsync(new SandboxOptions { MinutesPerLicense = 0.01 });

        var run = await StartAsync("split", SongFile.Write(Root), "-o", Output);

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
    }

    [TestCase("http://example.com/", "http is for loopback addresses")]
    [TestCase("nonsense", "not an absolute URL")]
    public async Task Insecure_or_invalid_address_is_rejected(string address, string message)
    {
        // A process, because the client itself reads the variable.
        Variables[LalalAiClientOptions.BaseAddressVariable] = address;
        using var run = CliProcess.Start(Variables, "minutes");

        Assert.That(await run.Messages, Does.Contain(message));
        Assert.That(run.ExitCode, Is.EqualTo(2));
    }

    [TestCase("sing", "song.wav")]
    [TestCase("split", "song.wav", "--stam", "vocals")]
    [TestCase("sandbox", "--port", "99999")]
    [TestCase("sandbox", "--speed", "0")]
    public async Task Invalid_command_line_exits_with_2_and_refers_to_help(params string[] arguments)
    {
        var run = await StartAsync(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(run.Messages, Does.Contain("--help"));
    }

    [Test]
    public async Task Help_is_written_to_standard_output_with_every_command_exit_code_and_variable()
    {
        var run = await StartAsync("--help");

        Assert.That((run.ExitCode, run.Messages), Is.EqualTo((0, string.Empty)));
        foreach (var word in new[]
        {
            "split", "multistem", "demuse", "clean", "voice", "watch", "resume", "status", "cancel", "delete", "minutes", "packs", "login",
            "logout", "doctor", "sandbox", "demo", "completion", "version", "130", "LALALAI_LICENSE_KEY",
        })
        {
            Assert.That(run.Data, Does.Contain($" {word} "));
        }
    }

    [TestCase("split", "--stem", "--splitter", "--format", "--extraction-level")]
    [TestCase("multistem", "--stems", "--splitter", "--format", "--extraction-level")]
    [TestCase("demuse", "--splitter", "--format")]
    [TestCase("clean", "--noise-canceling", "--splitter", "--format")]
    [TestCase("voice", "--voice", "--accent", "--tonality", "--format")]
    [TestCase("cancel", "--all", "--yes", "--from")]
    public async Task Help_of_a_command_has_examples_and_its_options(string command, params string[] options)
    {
        var run = await StartAsync(command, "--help");

        Assert.That(run.Data, Does.Contain($"lalalai {command} "));
        Assert.That(run.Data, Does.Contain("EXAMPLES"));
        Assert.That(options, Has.All.Matches<string>(option => run.Data.Contains(option!, StringComparison.Ordinal)));
    }

    [Test]
    public async Task Help_names_every_value_that_the_contract_lists()
    {
        var split = string.Join(
            ' ', (await StartAsync("split", "--help")).Data.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

        var known = Stem.KnownValues.Select(stem => stem.Value).Concat(
            SplitterModel.KnownValues.Select(splitter => splitter.Value)).Concat(EncoderFormat.KnownValues.Select(format => format.Value));
        Assert.That(known, Has.All.Matches<string>(value => split.Contains(value!, StringComparison.Ordinal)));
    }
}
