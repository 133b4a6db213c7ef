using LalalAi.Cli.Probing;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Probing;

/// <summary><c>lalalai doctor --probe</c>: when it starts, and what it prints.</summary>
public sealed class ProbeCommandTests : ServiceFixture
{
    private string BehaviorPath => Path.Combine(Root, "behavior.json");

    [Test]
    public async Task Probe_is_not_started_without_a_person_or_yes()
    {
        var run = await StartAsync("doctor", "--probe", "--behavior", BehaviorPath);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("costs 0.2 minutes at most, or 2 if").And.Contain("not started. Add --yes"));
        Assert.That((Sandbox.GetReport().Uploads, File.Exists(BehaviorPath)), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task Probe_prints_each_fact_or_the_reason_why_it_is_not_known()
    {
        var run = await StartAsync("doctor", "--probe", "--yes", "--behavior", BehaviorPath, "--json");

        var facts = run.Events("fact").ToDictionary(line => (string)line["name"]!);
        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(facts, Has.Count.EqualTo(typeof(SandboxBehavior).GetProperties().Length));
        Assert.That((string?)facts["link_entity_tag"]["value"], Is.EqualTo("strong"));
        Assert.That(
            (facts["check_window"]["value"]!.Type, (string?)facts["check_window"]["reason"]),
            Is.EqualTo((JTokenType.Null, "Only a probe with --limits asks.")));
        Assert.That(run.Data + run.Messages + File.ReadAllText(BehaviorPath), Does.Not.Contain(Sandbox.LicenseKey));
    }

    [Test]
    public async Task Probe_of_a_temporary_sandbox_suggests_no_later_one()
    {
        var run = await StartAsync("doctor", "--probe", "--sandbox", "--yes", "--behavior", BehaviorPath);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Data, Does.Contain("the sandbox ends with the probe"));
        Assert.That(run.Data + run.Messages, Does.Not.Contain("--later"));
    }

    [Test]
    public async Task Probe_does_not_use_a_file_twice()
    {
        await StartAsync("doctor", "--probe", "--yes", "--behavior", BehaviorPath);
        var starts = Sandbox.GetReport().Starts;

        var again = await StartAsync("doctor", "--probe", "--yes", "--behavior", BehaviorPath);
        var early = await StartAsync("doctor", "--probe", "--later", "--behavior", BehaviorPath);

        Assert.That((again.ExitCode, early.ExitCode), Is.EqualTo((2, 2)));
        Assert.That(again.Messages, Does.Contain("add --later"));
        Assert.That(early.Messages, Does.Contain("Ask again after"));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(starts));
    }

    [Test]
    public async Task Probe_is_not_started_if_something_failed()
    {
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "a-wrong-key";

        var run = await StartAsync("doctor", "--probe", "--yes", "--behavior", BehaviorPath);

        Assert.That((run.ExitCode, File.Exists(BehaviorPath)), Is.EqualTo((1, false)));
        Assert.That(run.Messages, Does.Contain("Fix what failed first"));
    }

    [Test]
    public async Task Later_does_not_ask_another_service_about_a_probe()
    {
        ProbeRecord.Begin(BehaviorPath, LalalAiClientOptions.DefaultBaseAddress, DateTimeOffset.UnixEpoch);

        var run = await StartAsync("doctor", "--probe", "--later", "--behavior", BehaviorPath);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("is about https://www.lalal.ai/"));
    }

    [TestCase("doctor", "--later")]
    [TestCase("doctor", "--limits")]
    [TestCase("doctor", "--yes")]
    [TestCase("doctor", "--behavior", "file.json")]
    [TestCase("doctor", "--probe", "--later", "--behavior", "nowhere.json")]
    [TestCase("doctor", "--probe", "--later", "--limits")]
    public async Task Options_that_do_not_fit_are_a_mistake(params string[] arguments)
    {
        var run = await StartAsync(arguments);

        Assert.That((run.ExitCode, run.Data), Is.EqualTo((2, string.Empty)));
    }

    [Test]
    public async Task Sandbox_rejects_a_damaged_behavior_file_and_one_of_a_newer_version()
    {
        File.WriteAllText(BehaviorPath, """{ "version": 1, "facts": { "link_entity_tag": "strange" } }""");
        var damaged = await StartAsync("sandbox", "--behavior", BehaviorPath);
        File.WriteAllText(BehaviorPath, """{ "version": 2, "facts": {} }""");
        var newer = await StartAsync("sandbox", "--behavior", BehaviorPath);

        Assert.That((damaged.ExitCode, newer.ExitCode), Is.EqualTo((2, 2)));
        Assert.That(damaged.Messages, Does.Contain("'facts.link_entity_tag' is not a known fact, or its value is not valid"));
        Assert.That(newer.Messages, Does.Contain("Update the sandbox"));
    }

    [Test]
    public async Task Sandbox_reports_a_port_in_use_with_advice()
    {
        var run = await StartAsync("sandbox", "--port", $"{Sandbox.BaseAddress.Port}");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain($"Port {Sandbox.BaseAddress.Port} is in use").And.Contain("choose another port"));
    }
}
