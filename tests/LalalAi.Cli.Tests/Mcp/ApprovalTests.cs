using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using LalalAi.AI;
using LalalAi.Cli.Mcp;
using LalalAi.Sandbox;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>--ask-above asks the user through the client, and only a yes starts a job.</summary>
public sealed class ApprovalTests : McpFixture
{
    private const string Split = """{ "file": "song.wav" }""";

    private string[] Asking => [.. Arguments, "--ask-above", "0.01"];

    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    public async Task A_call_returns_before_the_question_is_answered(string revision, CancellationToken cancellationToken)
    {
        var person = new Person();
        var server = await StartAsync(cancellationToken, person.Options(revision), Asking);

        var asked = await CallAsync(server, "split", Split, cancellationToken);
        var question = await person.Question.WaitAsync(cancellationToken);
        var meanwhile = await StatusAsync(server, Text(asked, "job")!, cancellationToken);
        person.Answer(Accept(true));
        await FinishAsync(server, Text(asked, "job")!, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(asked.ToString(), Does.Contain("""
                "status":"awaiting_approval","minutes":0.05,"budget_left":9.95
                """));
            Assert.That(Text(meanwhile, "status"), Is.EqualTo("awaiting_approval"));
            Assert.That(question, Is.EqualTo("An agent asks to process 'song.wav' with LALAL.AI. It costs 0.05 minutes; 10 minutes of the budget are left. Start it?"));
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
        });
    }

    /// <summary>This revision has no requests of servers: the answer to the call is the question, and the client repeats the call with the user's answer.</summary>
    [Test]
    public async Task Revision_2026_07_28_answers_a_call_with_the_question(CancellationToken cancellationToken)
    {
        var person = new Person();
        var server = await StartAsync(cancellationToken, person.Options("2026-07-28"), Asking);

        var call = CallAsync(server, "split", Split, cancellationToken);
        var question = await person.Question.WaitAsync(cancellationToken);
        var again = await CallAsync(server, "split", Split, cancellationToken);
        person.Answer(Accept(true));
        await FinishAsync(server, Text(await call, "job")!, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(question, Does.StartWith("An agent asks to process 'song.wav' with LALAL.AI."));
            Assert.That(server.Lines.Count(line => line.Contains("\"resultType\":\"input_required\"", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(server.Lines.Where(line => line.Contains("\"method\":\"elicitation", StringComparison.Ordinal) && !line.Contains("input_required", StringComparison.Ordinal)), Is.Empty);
            Assert.That((Text(again, "job"), Text(again, "status")), Is.EqualTo((Text(call.Result, "job"), "awaiting_approval")), "Another call of the agent is answered, too.");
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Answers_without_an_approval_start_nothing(
        [Values("decline", "cancel", "accept")] string action, [Values("2025-06-18", "2025-11-25", "2026-07-28")] string revision, CancellationToken cancellationToken)
    {
        var person = new Person();
        person.Answer(action == "accept" ? Accept(false) : new ElicitResult { Action = action });
        var server = await StartAsync(cancellationToken, person.Options(revision), Asking);

        var job = Text(await CallAsync(server, "split", Split, cancellationToken), "job")!;
        var ended = await WaitForEndAsync(server, job, cancellationToken);

        AssertDeclined(ended, await CallAsync(server, "account", "{}", cancellationToken));
    }

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task A_client_that_cannot_ask_starts_nothing(string revision, CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, new McpClientOptions { ProtocolVersion = revision }, Asking);

        var result = await CallAsync(server, "split", Split, cancellationToken);

        AssertDeclined(result, await CallAsync(server, "account", "{}", cancellationToken));
    }

    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task Server_ends_while_a_question_is_open(string revision, CancellationToken cancellationToken)
    {
        var person = new Person();
        var server = await StartAsync(cancellationToken, person.Options(revision), Asking);
        var call = CallAsync(server, "split", Split, cancellationToken);
        await person.Question.WaitAsync(cancellationToken);

        await server.EndAsync(cancellationToken);

        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
        person.Answer(new ElicitResult { Action = "cancel" });
        await call.ContinueWith(_ => { }, cancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [Test]
    public async Task A_recording_that_is_replaced_during_the_question_is_another_job(CancellationToken cancellationToken)
    {
        var person = new Person();
        var server = await StartAsync(cancellationToken, person.Options("2025-11-25"), Asking);
        var song = Path.Combine(Songs, "song.wav");
        var other = SandboxSong.Create(TimeSpan.FromSeconds(3), seed: 1);

        var job = Text(await CallAsync(server, "split", Split, cancellationToken), "job")!;
        await person.Question.WaitAsync(cancellationToken);
        await File.WriteAllBytesAsync(song, other, cancellationToken);
        person.Answer(Accept(true));
        var stopped = await WaitForEndAsync(server, job, cancellationToken);
        await server.EndAsync(cancellationToken);
        var run = await RunAsync(["split", song, "-o", Output], cancellationToken);

        Assert.That((Text(stopped, "status"), run.ExitCode), Is.EqualTo(("stopped", 0)), run.Messages);
        var started = JournalFile.Entries(Output, "starting").Single()["job"]!;
        var content = JournalFile.Entries(Output, "job").Single(entry => (int)entry["job"]! == (int)started);
        Assert.That((string?)content["sha256"], Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(other))));
    }

    [TestCase(false)]
    [TestCase(true, Description = "Its tracks have another name than the job of the agent.")]
    public async Task Resume_does_not_start_a_recording_that_was_replaced_during_the_question(bool isKnown, CancellationToken cancellationToken)
    {
        var person = new Person();
        var song = Path.Combine(Songs, "song.wav");
        if (isKnown)
        {
            await RunAsync(["demuse", song, "-o", Output, "--delete"], cancellationToken);
        }

        var starts = Sandbox.GetReport().Starts;
        var server = await StartAsync(cancellationToken, person.Options("2025-11-25"), Asking);
        var job = Text(await CallAsync(server, "split", Split, cancellationToken), "job")!;
        await person.Question.WaitAsync(cancellationToken);
        // Of the same size.
        await File.WriteAllBytesAsync(song, SandboxSong.Create(TimeSpan.FromSeconds(3), seed: 1), cancellationToken);
        person.Answer(Accept(true));
        var stopped = await WaitForEndAsync(server, job, cancellationToken);
        await server.EndAsync(cancellationToken);
        var run = await RunAsync(["resume", Output], cancellationToken);

        Assert.That((Text(stopped, "status"), run.ExitCode), Is.EqualTo(("stopped", 0)), run.Messages);
        Assert.That(run.Messages, Does.Contain("1 file that changed or no longer exist (song.wav)"));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(starts));
    }

    [Test]
    public async Task A_cheap_job_is_not_asked_for(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, options: null, [.. Arguments, "--ask-above", "1"]);

        var started = await CallAsync(server, "split", Split, cancellationToken);
        await FinishAsync(server, Text(started, "job")!, cancellationToken);

        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    /// <summary>The server in the test's own process, whose clock the test moves once the question has arrived.</summary>
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task A_client_that_never_answers_starts_nothing(string revision, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        var person = new Person();
        await using var lalal = new LalalAiClient(new LalalAiClientOptions { BaseAddress = Sandbox.BaseAddress, LicenseKey = Sandbox.LicenseKey });
        var options = new LalalAiFunctionsOptions
        {
            AllowedFolders = [Songs],
            OutputFolder = Output,
            MaxMinutes = 10,
            ApproveAsync = FunctionServer.AskAsync,
            TimeProvider = clock,
        };
        await using var functions = LalalAiFunctions.Create(lalal, options);
        var (toServer, toClient) = (new Pipe(), new Pipe());
        await using var server = McpServer.Create(new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), FunctionServer.Options(functions, options, inputClosed: CancellationToken.None));
        var running = server.RunAsync(cancellationToken);
        var transport = new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream());
        await using (var client = await McpSession.ConnectAsync(transport, person.Options(revision), cancellationToken))
        {
            var call = client.CallToolAsync("split", new Dictionary<string, object?> { ["file"] = "song.wav" }, cancellationToken: cancellationToken).AsTask();
            await person.Question.WaitAsync(cancellationToken);
            var account = ResultOf(await client.CallToolAsync("account", cancellationToken: cancellationToken));
            var job = new Dictionary<string, object?> { ["job"] = account.GetProperty("running_jobs")[0].GetString()!, ["wait_seconds"] = 0 };
            var before = ResultOf(await client.CallToolAsync("status", job, cancellationToken: cancellationToken));
            clock.Advance(TimeSpan.FromSeconds(45));
            await functions.WaitForApprovalAsync((string)job["job"]!, cancellationToken);
            var after = ResultOf(await client.CallToolAsync("status", job, cancellationToken: cancellationToken));
            account = ResultOf(await client.CallToolAsync("account", cancellationToken: cancellationToken));

            Assert.That(Text(before, "status"), Is.EqualTo("awaiting_approval"));
            AssertDeclined(after, account);
            Assert.That(call.IsCompleted, Is.EqualTo(revision != "2026-07-28"), "Where the question is part of the call, the client has not repeated it.");
        }

        await toServer.Writer.CompleteAsync();
        await running;
        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
    }

    private void AssertDeclined(JsonElement result, JsonElement account) => Assert.Multiple(() =>
    {
        Assert.That(Text(result, "status"), Is.EqualTo("declined"));
        Assert.That(Text(result, "note"), Does.Contain("did not approve"));
        Assert.That(account.GetProperty("budget").ToString(), Is.EqualTo("""{"max_minutes":10,"spent":0,"left":10}"""));
        Assert.That(account.GetProperty("running_jobs").GetArrayLength(), Is.Zero);
        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
    });

    private static ElicitResult Accept(bool start) =>
        new() { Action = "accept", Content = new Dictionary<string, JsonElement> { ["start"] = JsonSerializer.SerializeToElement(start) } };

    /// <summary>Receives the questions of a client, and answers when the test sets the answer.</summary>
    private sealed class Person
    {
        private readonly TaskCompletionSource<string> _question = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ElicitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Question => _question.Task;

        public void Answer(ElicitResult answer) => _answer.TrySetResult(answer);

        public McpClientOptions Options(string revision) => new()
        {
            ProtocolVersion = revision,
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = async (request, token) =>
                {
                    _question.TrySetResult(request!.Message);
                    return await _answer.Task.WaitAsync(token);
                },
            },
        };
    }
}
