using System.IO.Pipelines;
using System.Text.Json;
using LalalAi.AI;
using LalalAi.Cli.Mcp;
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

    [Test]
    public async Task A_yes_starts_the_job([Values("2025-06-18", "2025-11-25", "2026-07-28")] string revision, CancellationToken cancellationToken)
    {
        var questions = new List<string>();
        var server = await StartAsync(cancellationToken, Answering(revision, question =>
        {
            questions.Add(question);
            return Accept(true);
        }), Asking);

        var started = await CallAsync(server, "split", Split, cancellationToken);
        await FinishAsync(server, Text(started, "job")!, cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(questions, Is.EqualTo(new[] { "An agent asks to process 'song.wav' with LALAL.AI. It costs 0.05 minutes; 10 minutes of the budget are left. Start it?" }));
            Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Answers_without_an_approval_start_nothing([Values("decline", "cancel", "accept")] string action, [Values("2025-11-25", "2026-07-28")] string revision, CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, Answering(revision, _ => action == "accept" ? Accept(false) : new ElicitResult { Action = action }), Asking);

        var result = await CallAsync(server, "split", Split, cancellationToken);

        AssertNothingStarted(result);
    }

    [Test]
    public async Task A_client_that_cannot_ask_starts_nothing(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, options: null, Asking);

        var result = await CallAsync(server, "split", Split, cancellationToken);

        AssertNothingStarted(result);
    }

    [Test]
    public async Task A_cheap_job_is_not_asked_for(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken, options: null, [.. Arguments, "--ask-above", "1"]);

        var started = await CallAsync(server, "split", Split, cancellationToken);

        Assert.That(Text(started, "error"), Is.Null);
    }

    /// <summary>The server in the test's own process, whose clock the test moves once the question has arrived.</summary>
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task A_client_that_never_answers_starts_nothing(string revision, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        await using var server = McpServer.Create(new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), FunctionServer.Options(functions, options));
        var running = server.RunAsync(cancellationToken);
        var transport = new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream());
        await using (var client = await McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ProtocolVersion = revision,
                Handlers = new McpClientHandlers
                {
                    ElicitationHandler = async (_, token) =>
                    {
                        asked.TrySetResult();
                        await TestLimit.ForeverAsync(token);
                        return new ElicitResult();
                    },
                },
            },
            cancellationToken: cancellationToken))
        {
            var call = client.CallToolAsync("split", new Dictionary<string, object?> { ["file"] = "song.wav" }, cancellationToken: cancellationToken).AsTask();
            await asked.Task.WaitAsync(cancellationToken);
            var meanwhile = ResultOf(await client.CallToolAsync("account", cancellationToken: cancellationToken));
            var job = meanwhile.GetProperty("running_jobs")[0].GetString()!;
            var status = ResultOf(await client.CallToolAsync("status", new Dictionary<string, object?> { ["job"] = job, ["wait_seconds"] = 0 }, cancellationToken: cancellationToken));
            clock.Advance(TimeSpan.FromSeconds(45));
            if (revision == "2025-11-25")
            {
                AssertNothingStarted(ResultOf(await call));
            }

            Assert.That(Text(status, "status"), Is.EqualTo("awaiting_approval"));
            await AssertForgottenAsync(client, job, cancellationToken);
        }

        await toServer.Writer.CompleteAsync();
        await running;
        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
    }

    private static async Task AssertForgottenAsync(McpClient client, string job, CancellationToken cancellationToken)
    {
        while (true)
        {
            var jobs = ResultOf(await client.CallToolAsync("account", cancellationToken: cancellationToken)).GetProperty("running_jobs");
            if (jobs.EnumerateArray().All(entry => entry.GetString() != job))
            {
                return;
            }
        }
    }

    private void AssertNothingStarted(JsonElement result)
    {
        Assert.That(Text(result, "error"), Does.Contain("did not approve"));
        Assert.That((Sandbox.GetReport().Uploads, Sandbox.GetReport().Starts), Is.EqualTo((0, 0)));
    }

    private static McpClientOptions Answering(string revision, Func<string, ElicitResult> answer) => new()
    {
        ProtocolVersion = revision,
        Handlers = new McpClientHandlers { ElicitationHandler = (request, _) => ValueTask.FromResult(answer(request!.Message)) },
    };

    private static ElicitResult Accept(bool start) =>
        new() { Action = "accept", Content = new Dictionary<string, JsonElement> { ["start"] = JsonSerializer.SerializeToElement(start) } };
}
