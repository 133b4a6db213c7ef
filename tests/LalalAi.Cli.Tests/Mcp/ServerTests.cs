using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LalalAi.Cli.Failures;
using LalalAi.Sandbox;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Tests.Mcp;

public sealed class ServerTests : McpFixture
{
    [TestCase("2025-06-18", false)]
    [TestCase("2025-11-25", false)]
    [TestCase("2026-07-28", false)]
    [TestCase("2026-07-28", true)]
    public async Task Server_lists_estimates_splits_waits_and_downloads(string revision, bool isProcess, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions { ProtocolVersion = revision };
        var server = isProcess ? await StartProcessAsync(cancellationToken, options) : await StartAsync(cancellationToken, options);

        var tools = await server.Client.ListToolsAsync(cancellationToken: cancellationToken);
        var estimate = await CallAsync(server, "estimate", """{ "file": "song.wav" }""", cancellationToken);
        var job = Text(await CallAsync(server, "split", """{ "file": "song.wav", "stems": ["drum"] }""", cancellationToken), "job")!;
        await WaitForAsync(server, job, "processing", cancellationToken);
        var wait = CallAsync(server, "status", $$"""{ "job": "{{job}}", "wait_seconds": 45 }""", cancellationToken, new SynchronousProgress<ProgressNotificationValue>(_ => { }));
        Sandbox.Advance(TimeSpan.FromMinutes(30));
        var done = await wait;
        var download = await server.Client.CallToolAsync("download", new Dictionary<string, object?> { ["job"] = job }, cancellationToken: cancellationToken);
        var resource = await server.Client.ReadResourceAsync($"lalalai://jobs/{job}", cancellationToken: cancellationToken);

        var links = download.Content.OfType<ResourceLinkBlock>().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(server.Client.NegotiatedProtocolVersion, Is.EqualTo(revision));
            Assert.That(tools.Select(tool => tool.Name), Is.EqualTo(new[] { "estimate", "split", "change_voice", "status", "download", "cancel", "account" }));
            Assert.That(estimate.GetProperty("minutes").GetDouble(), Is.EqualTo(Price));
            Assert.That(Text(done, "status"), Is.EqualTo("done"));
            Assert.That(ProgressOf(server), Is.Not.Empty.And.Ordered.And.All.LessThanOrEqualTo(300));
            Assert.That(links.Select(link => link.Name), Is.EqualTo(new[] { "drum", "no_drum" }));
            Assert.That(links.Select(link => new Uri(link.Uri).LocalPath), Has.All.StartsWith(Output).And.All.Matches<string>(File.Exists));
            Assert.That(download.Content.Select(block => block.Type), Is.EqualTo(new[] { "text", "resource_link", "resource_link" }));
            Assert.That(((TextResourceContents)resource.Contents.Single()).Text, Does.Contain("\"status\":\"done\""));
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
        });
    }

    /// <summary>The notifications as the server sent them: the client passes them on in any order.</summary>
    private static List<double> ProgressOf(McpSession server) =>
    [
        .. server.Lines.Where(line => line.Contains("notifications/progress", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("params").GetProperty("progress").GetDouble()),
    ];

    [Test]
    public async Task Tools_take_less_than_8_kilobytes_and_have_schemas_and_annotations(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken);

        var tools = await server.Client.ListToolsAsync(cancellationToken: cancellationToken);

        var answer = server.Lines.Single(line => line.Contains("\"tools\":[", StringComparison.Ordinal));
        TestContext.Out.WriteLine($"tools/list: {Encoding.UTF8.GetByteCount(answer)} bytes");
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.UTF8.GetByteCount(answer), Is.LessThan(8000));
            Assert.That(tools.Select(tool => tool.ReturnJsonSchema), Has.None.Null);
            Assert.That(tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint == true).Select(tool => tool.Name), Is.EqualTo(new[] { "estimate", "status", "account" }));
            Assert.That(tools.Where(tool => tool.ProtocolTool.Annotations?.IdempotentHint == true).Select(tool => tool.Name), Is.EqualTo(new[] { "split", "change_voice", "download", "cancel" }));
            Assert.That(tools.Where(tool => tool.ProtocolTool.Annotations?.DestructiveHint == true).Select(tool => tool.Name), Is.EqualTo(new[] { "cancel" }));
        });
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(6)]
    public async Task Instructions_name_only_the_tools_that_are_listed(int arguments, CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, arguments: Arguments[..arguments]);

        var tools = await server.Client.ListToolsAsync(cancellationToken: cancellationToken);

        string[] all = ["estimate", "split", "change_voice", "status", "download", "cancel", "account"];
        var named = all.Where(tool => Regex.IsMatch(server.Client.ServerInstructions!, $@"\b{tool}\b"));
        Assert.That(named, Is.Not.Empty.And.SubsetOf(tools.Select(tool => tool.Name)));
    }

    [Test]
    public async Task Texts_of_results_contain_no_escaped_quotes(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken);

        var result = await server.Client.CallToolAsync("status", new Dictionary<string, object?> { ["job"] = "it's" }, cancellationToken: cancellationToken);

        Assert.That(((TextContentBlock)result.Content.Single()).Text, Does.Contain("'it's' is not the ID of a job"));
    }

    [Test]
    public async Task Help_lists_no_option_for_JSON()
    {
        var help = await CommandRun.StartAsync("mcp", "--help");
        var json = await CommandRun.StartAsync("mcp", "--allow", Songs, "--json");

        Assert.That(help.Data, Does.Contain("--ask-above").And.Not.Contain("--json"));
        Assert.That(json.ExitCode, Is.EqualTo(ExitCode.Usage));
    }

    [Test]
    public async Task Tools_that_spend_are_not_listed_without_a_budget(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, arguments: ["--allow", Songs, "-o", Output]);

        var tools = await server.Client.ListToolsAsync(cancellationToken: cancellationToken);

        Assert.That(tools.Select(tool => tool.Name), Is.EqualTo(new[] { "estimate", "status", "download", "cancel", "account" }));
        Assert.That(async () => await server.Client.CallToolAsync("split", cancellationToken: cancellationToken), Throws.InstanceOf<McpException>());
    }

    [Test]
    public async Task Server_answers_before_it_opens_anything(CancellationToken cancellationToken)
    {
        var variables = Variables.Where(variable => variable.Key != LalalAiClientOptions.LicenseKeyVariable).ToDictionary();
        await using var server = await McpServerRun.StartAsync(variables, Arguments, options: null, cancellationToken);

        await server.Client.ListToolsAsync(cancellationToken: cancellationToken);
        var account = await CallAsync(server, "account", "{}", cancellationToken);

        Assert.That(Text(account, "error"), Does.Contain("There is no license key"));
        Assert.That(Directory.Exists(Output), Is.False);
    }

    [Test]
    public async Task A_sandbox_is_announced_in_every_result(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, arguments: [.. Arguments, "--sandbox"]);

        var account = await CallAsync(server, "account", "{}", cancellationToken);
        var estimate = await CallAsync(server, "estimate", """{ "file": "song.wav" }""", cancellationToken);

        Assert.That(new[] { Text(account, "note"), Text(estimate, "note") }, Has.All.Contain("no minutes are spent"));
    }

    [Test]
    public async Task Agents_and_the_command_line_share_jobs_and_budget(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken);
        var job = Text(await CallAsync(server, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
        await FinishAsync(server, job, cancellationToken);
        await server.EndAsync(cancellationToken);

        var context = CommandRun.Context(Variables);
        var song = Path.Combine(Songs, "song.wav");
        var same = await CommandRun.StartAsync(["split", song, "-o", Output, "--json"], context, cancellationToken);
        var resume = await CommandRun.StartAsync(["resume", Output], context, cancellationToken);
        var over = await CommandRun.StartAsync(
            ["split", song, "--stem", "drum", "-o", Output, "--max-minutes", "0.06"], context, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That((same.ExitCode, resume.ExitCode, over.ExitCode), Is.EqualTo((ExitCode.Success, ExitCode.Success, ExitCode.Minutes)));
            Assert.That(resume.Messages, Does.Contain("Nothing to resume"));
            Assert.That((Sandbox.GetReport().Starts, Sandbox.GetReport().Uploads), Is.EqualTo((1, 1)));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Agents_get_the_finished_job_of_a_journal_with_both_orders_of_stems(bool isLost, CancellationToken cancellationToken)
    {
        const string Split = """{ "file": "song.wav", "kind": "multistem", "stems": ["vocals", "drum"] }""";
        var (song, other) = (Path.Combine(Songs, "song.wav"), Path.Combine(Root, "other"));
        var (journal, tracks) = (JournalFile.PathIn(Output), Path.Combine(Output, "song"));
        await RunAsync(
            ["multistem", song, "-o", Output, "--stems", "vocals,drum", "--max-minutes", isLost ? "1" : "0.001"], cancellationToken);
        await RunAsync(["multistem", song, "-o", other, "--stems", "drum,vocals"], cancellationToken);
        if (isLost)
        {
            Directory.Delete(tracks, recursive: true);
            var lines = File.ReadAllLines(journal).Where(line => !Regex.IsMatch(line, "\"type\":\"(track|done)\""));
            File.WriteAllLines(journal, [.. lines, """{"type":"lost","job":1}"""]);
        }

        JournalFile.Append(Output, other);
        Directory.Move(Path.Combine(other, "song"), tracks);
        var server = await StartAsync(cancellationToken);
        var job = await CallAsync(server, "split", Split, cancellationToken);

        Assert.That(Text(job, "status"), Is.EqualTo("done"), job.ToString());
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(isLost ? 2 : 1));
    }

    [Test]
    public async Task Resume_finishes_a_job_that_an_agent_did_not_start(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add(Fault.Delay(TimeSpan.FromHours(1)), on: SandboxOperation.Upload);
        var server = await StartAsync(cancellationToken);
        var job = Text(await CallAsync(server, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
        await WaitForAsync(server, job, "uploading", cancellationToken);
        await server.EndAsync(cancellationToken);
        Sandbox.Faults.Clear();

        var run = await RunAsync(["resume", Output], cancellationToken);

        Assert.That((run.ExitCode, Sandbox.GetReport().Starts), Is.EqualTo((ExitCode.Success, 1)), run.Messages);
        Assert.That(JournalFile.Entries(Output, "done"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Agents_and_the_command_line_share_jobs_with_stems_in_any_order(CancellationToken cancellationToken)
    {
        const string Split = """{ "file": "song.wav", "kind": "multistem", "stems": ["piano", "vocals", "drum"] }""";
        var song = Path.Combine(Songs, "song.wav");
        var run = await RunAsync(["multistem", song, "--stems", "vocals,drum,piano", "-o", Output], cancellationToken);

        var server = await StartAsync(cancellationToken);
        var same = await CallAsync(server, "split", Split, cancellationToken);

        Assert.That((run.ExitCode, Text(same, "status")), Is.EqualTo((ExitCode.Success, "done")), run.Messages + same);
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_task_in_the_sandbox_replaces_every_track_of_an_earlier_one(CancellationToken cancellationToken)
    {
        var output = Path.Combine(Output, "sandbox");
        for (var start = 1; start <= 2; start++)
        {
            var server = await StartAsync(cancellationToken, arguments: [.. Arguments, "--sandbox"]);
            var job = Text(await CallAsync(server, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
            var done = await WaitForEndAsync(server, job, cancellationToken);
            await server.EndAsync(cancellationToken);

            Assert.That(Text(done, "status"), Is.EqualTo("done"));
            Assert.That(JournalFile.Entries(output, "track"), Has.Count.EqualTo(2 * start));
            File.Delete(Text(done.GetProperty("files")[0], "path")!);
        }
    }

    [Test]
    public async Task Only_a_restart_with_a_higher_number_raises_the_budget(CancellationToken cancellationToken)
    {
        const string Other = """{ "file": "song.wav", "stems": ["drum"] }""";
        string[] small = ["--allow", Songs, "-o", Output, "--max-minutes", "0.08"];
        var first = await StartAsync(cancellationToken, arguments: small);
        var job = Text(await CallAsync(first, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
        await FinishAsync(first, job, cancellationToken);
        await first.EndAsync(cancellationToken);

        var same = await StartAsync(cancellationToken, arguments: small);
        var refused = await CallAsync(same, "split", Other, cancellationToken);
        await same.EndAsync(cancellationToken);
        var raised = await StartAsync(cancellationToken, arguments: [.. small[..^1], "0.11"]);
        var done = await FinishAsync(raised, Text(await CallAsync(raised, "split", Other, cancellationToken), "job")!, cancellationToken);

        Assert.That(Text(refused, "error"), Does.Contain("0.03 of the budget of 0.08 are left"));
        Assert.That((Text(done, "status"), Text(done, "budget_left")), Is.EqualTo(("done", "0.01")));
    }

    [TestCase("No folder is allowed")]
    [TestCase("which is not a folder", "--allow", "nowhere")]
    [TestCase("needs an output folder", "--allow", ".", "--max-minutes", "5")]
    public async Task A_mistake_in_the_command_is_reported(string message, params string[] arguments)
    {
        var run = await CommandRun.StartAsync(["mcp", .. arguments]);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(run.Messages, Does.Contain(message));
    }
}
