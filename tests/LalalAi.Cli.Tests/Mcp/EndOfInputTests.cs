using System.Text;
using System.Text.Json;
using LalalAi.Cli.Failures;
using LalalAi.Sandbox;
using ModelContextProtocol.Protocol;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>A client that sends requests and closes the input, as a shell does: <c>lalalai mcp &lt; requests</c>.</summary>
public sealed class EndOfInputTests : McpFixture
{
    private const string Initialize =
        """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"shell","version":"1"}}""";

    [Test]
    public async Task Every_request_is_answered_before_the_server_ends([Values] bool isProcess, CancellationToken cancellationToken)
    {
        string[] lines =
        [
            Request(1, "initialize", Initialize),
            Request(2, "tools/list", "{}"),
            Call(3, "split", """{"file":"song.wav"}"""),
            Call(4, "estimate", """{"file":"song.wav"}"""),
            Call(5, "account", "{}"),
            "this is not JSON",
            Request(6, "nonsense", "{}"),
        ];

        var answers = ById(isProcess ? await ReadFromProcessAsync(lines, cancellationToken) : await ReadAsync(lines, cancellationToken));

        Assert.Multiple(() =>
        {
            Assert.That(answers.Keys, Is.EquivalentTo(new[] { 1, 2, 3, 4, 5, 6 }));
            Assert.That(ResultOf(answers[3]).GetProperty("job").GetString(), Has.Length.EqualTo(16));
            Assert.That(ResultOf(answers[4]).GetProperty("minutes").GetDouble(), Is.EqualTo(Price));
            Assert.That(answers[6].TryGetProperty("error", out _));
        });
    }

    [TestCase("this is not JSON", -32700)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":""", -32700)]
    [TestCase("null", -32600)]
    [TestCase("[]", -32600)]
    [TestCase("""{"jsonrpc":"2.0"}""", -32600)]
    public async Task Malformed_message_gets_an_error_without_an_ID(string line, int code, CancellationToken cancellationToken)
    {
        var answers = await ReadAsync([line, string.Empty, Request(1, "initialize", Initialize)], cancellationToken);

        Assert.That(answers, Has.Count.EqualTo(2));
        Assert.That(answers[0].GetProperty("id").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(answers[0].GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(code));
        Assert.That(answers[1].GetProperty("id").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase(""","params":null""")]
    [TestCase(""","params":[]""")]
    [TestCase(""","params":{}""")]
    [TestCase(""","params":{"requestId":{}}""")]
    public async Task Malformed_cancellation_does_not_end_the_server(string parameters, CancellationToken cancellationToken)
    {
        var answers = await SendAsync(
            [
                Request(1, "initialize", Initialize),
                $$"""{"jsonrpc":"2.0","method":"{{NotificationMethods.CancelledNotification}}"{{parameters}} }""",
                Request(2, "tools/list", "{}"),
            ],
            cancellationToken);

        Assert.That(answers.Keys, Is.EquivalentTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task A_call_that_waits_returns_the_state_of_the_job(CancellationToken cancellationToken)
    {
        var first = await StartAsync(cancellationToken);
        var job = Text(await CallAsync(first, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
        await WaitForAsync(first, job, "processing", cancellationToken);
        await first.EndAsync(cancellationToken);

        var answers = await SendAsync(
            [
                Request(1, "initialize", Initialize),
                Call(2, "status", $$"""{"job":"{{job}}","wait_seconds":45}"""),
                Call(3, "download", $$"""{"job":"{{job}}"}"""),
            ],
            cancellationToken);

        Assert.That(
            new[] { 2, 3 }.Select(id => Text(ResultOf(answers[id]), "status")),
            Is.All.AnyOf("waiting", "processing"),
            "The sandbox's clock is stopped, so nothing else ends these waits.");
    }

    [Test]
    public async Task A_canceled_request_does_not_keep_the_server(CancellationToken cancellationToken)
    {
        var answers = await SendAsync(
            [
                Request(1, "initialize", Initialize),
                Call(2, "account", "{}"),
                $$"""{"jsonrpc":"2.0","method":"{{NotificationMethods.CancelledNotification}}","params":{"requestId":2} }""",
                Request(3, "tools/list", "{}"),
            ],
            cancellationToken);

        Assert.That(answers.Keys, Does.Contain(1).And.Contain(3));
    }

    [Test]
    public async Task A_subscription_does_not_keep_the_server(CancellationToken cancellationToken)
    {
        const string Client =
            """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            """
            + """
            "io.modelcontextprotocol/clientInfo":{"name":"shell","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
            """;

        var answers = await SendAsync(
            [
                Request(1, "subscriptions/listen", "{" + Client + ""","notifications":{"toolsListChanged":true}}"""),
                Request(2, "tools/list", "{" + Client + "}"),
            ],
            cancellationToken);

        Assert.That(answers.Keys, Does.Contain(2));
    }

    [Test]
    public async Task A_start_that_is_interrupted_is_in_the_journal(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add([Fault.LoseResponse, Fault.Stall(0)], on: SandboxOperation.Start);
        var first = await StartAsync(cancellationToken);
        var job = Text(await CallAsync(first, "split", """{ "file": "song.wav" }""", cancellationToken), "job")!;
        await TestLimit.UntilAsync(() => Sandbox.GetReport().Starts > 0, cancellationToken);

        await first.EndAsync(cancellationToken);
        var second = await StartAsync(cancellationToken);
        var again = await CallAsync(second, "split", """{ "file": "song.wav" }""", cancellationToken);
        await FinishAsync(second, job, cancellationToken);

        Assert.That((Text(again, "job"), Sandbox.GetReport().Starts, Sandbox.GetReport().StartsRepeated), Is.EqualTo((job, 1, 0)));
    }

    private static string Request(int id, string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    private static string Call(int id, string tool, string arguments) =>
        Request(id, "tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");

    private static JsonElement ResultOf(JsonElement answer) => answer.GetProperty("result").GetProperty("structuredContent");

    private static Dictionary<int, JsonElement> ById(IEnumerable<JsonElement> answers) => answers
        .Where(message => message.GetProperty("id").ValueKind == JsonValueKind.Number)
        .ToDictionary(message => message.GetProperty("id").GetInt32());

    private static IReadOnlyList<JsonElement> Answers(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(message => message.TryGetProperty("id", out _) && !message.TryGetProperty("method", out _)),
    ];

    private static string Input(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private async Task<Dictionary<int, JsonElement>> SendAsync(string[] lines, CancellationToken cancellationToken) =>
        ById(await ReadAsync(lines, cancellationToken));

    /// <summary>Runs a server whose input is the lines, and returns the answers in their order.</summary>
    private async Task<IReadOnlyList<JsonElement>> ReadAsync(string[] lines, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        var context = CommandRun.Context(Variables, input: new MemoryStream(Encoding.UTF8.GetBytes(Input(lines))), output: output);

        var run = await CommandRun.StartAsync(["mcp", .. Arguments], context, cancellationToken);

        Assert.That((run.ExitCode, run.Data), Is.EqualTo((ExitCode.Success, string.Empty)), run.Messages);
        return Answers(Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <inheritdoc cref="ReadAsync"/>
    private async Task<IReadOnlyList<JsonElement>> ReadFromProcessAsync(string[] lines, CancellationToken cancellationToken)
    {
        using var server = McpProcess.Start(Variables, Arguments);
        var messages = server.StandardError.ReadToEndAsync(cancellationToken);
        await server.StandardInput.WriteAsync(Input(lines).AsMemory(), cancellationToken);
        server.StandardInput.Close();
        var output = await server.StandardOutput.ReadToEndAsync(cancellationToken);
        await server.WaitForExitAsync(cancellationToken);

        Assert.That(server.ExitCode, Is.EqualTo(ExitCode.Success), await messages);
        return Answers(output);
    }
}
