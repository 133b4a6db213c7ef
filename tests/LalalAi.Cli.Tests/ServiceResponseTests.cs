using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>Responses that are wrong, incomplete, or from something between the command and the service.</summary>
public sealed class ServiceResponseTests : ServiceFixture
{
    private const string Source = "0a0b0c0d-0000-4000-8000-000000000001";
    private const string TaskId = "0a0b0c0d-0000-4000-8000-000000000002";

    [TestCase(0)]
    [TestCase(40_000)]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Track_that_is_shorter_than_its_task_reported_is_not_stored_and_its_source_not_deleted(
        int length, CancellationToken cancellationToken)
    {
        await using var server = Serve(duration: 1, new byte[length]);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var running = StartAsync(["split", Song, "-o", Output, "--delete"], interrupt.Token);
        // The downloads are retried for minutes.
        await TestLimit.UntilAsync(() => server.Requests.Count(request => request.Path == "/vocals") == 2, cancellationToken);
        await interrupt.CancelAsync();
        var run = await running;

        Assert.That(run.ExitCode, Is.EqualTo(130), run.Messages);
        Assert.That(Directory.EnumerateFiles(Output, "*.wav", SearchOption.AllDirectories), Is.Empty);
        Assert.That(server.Requests.Select(request => request.Path), Has.None.Contains("delete"));
    }

    [Test]
    public async Task Recording_without_a_known_price_is_not_started_within_a_limit()
    {
        await File.WriteAllBytesAsync(Song, [1, 2, 3]);
        await using var server = Serve(duration: null, []);

        var run = await RunAsync("split", "--max-minutes", "10");

        Assert.That(run.ExitCode, Is.EqualTo(4), run.Messages);
        Assert.That(server.Requests.Select(request => request.Path), Has.None.Contains("split"));
    }

    [Test]
    public async Task Minutes_that_the_service_does_not_return_are_unknown()
    {
        await using var server = Serve(_ => new ScriptedResponse { Body = """{ "minutes_left": null }""" });

        var run = await StartAsync("minutes");

        Assert.That((run.ExitCode, run.Data.Trim()), Is.EqualTo((0, "unknown")), run.Messages);
    }

    [TestCase("html=403")]
    [TestCase("html=404")]
    public async Task Page_of_a_gateway_does_not_end_the_wait_for_a_task(string fault)
    {
        Sandbox.Faults.Add($"{fault};on=check;times=1");

        var run = await RunAsync("split");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(SongFile.Samples(Track("vocals.wav")), Is.Not.Empty);
    }

    /// <summary>A service with one finished task, whose tracks should have 100,000 bytes.</summary>
    private ScriptedServer Serve(double? duration, byte[] track)
    {
        ScriptedServer server = null!;
        JObject Track(string type, string label) =>
            new() { ["type"] = type, ["label"] = label, ["url"] = new Uri(server.Address, label).AbsoluteUri, ["size"] = 100_000 };
        return server = Serve(request => new ScriptedResponse
        {
            Body = request.Path switch
            {
                "/api/v1/upload/" => new JObject { ["id"] = Source, ["name"] = "song.wav", ["duration"] = duration }.ToString(),
                "/api/v1/split/stem_separator/" => new JObject { ["task_id"] = TaskId }.ToString(),
                "/api/v1/check/" => new JObject
                {
                    ["result"] = new JObject
                    {
                        [TaskId] = new JObject
                        {
                            ["status"] = "success",
                            ["source_id"] = Source,
                            ["result"] = new JObject
                            {
                                ["tracks"] = new JArray { Track("stem", "vocals"), Track("back", "no_vocals") },
                                ["duration"] = duration,
                            },
                        },
                    },
                }.ToString(),
                _ => """{ "minutes_left": 600 }""",
            },
        } is var response && request.Path is "/vocals" or "/no_vocals" ? ScriptedResponse.File(request, track) : response);
    }

    private ScriptedServer Serve(Func<ScriptedRequest, ScriptedResponse> respond)
    {
        var server = ScriptedServer.Start(respond);
        Variables[LalalAiClientOptions.BaseAddressVariable] = server.Address.ToString();
        return server;
    }
}
