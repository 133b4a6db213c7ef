using System.Collections.Concurrent;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>Responses that are wrong, incomplete, or from something between the command and the service.</summary>
public sealed class ServiceResponseTests : ServiceFixture
{
    private const string Source = "0a0b0c0d-0000-4000-8000-000000000001";
    private const string TaskId = "0a0b0c0d-0000-4000-8000-000000000002";

    protected override TimeSpan? RetryDelay => TimeSpan.Zero;

    [TestCase(0)]
    [TestCase(40_000)]
    public async Task Track_that_is_shorter_than_its_task_reported_is_downloaded_again_before_the_source_is_deleted(int length)
    {
        await using var server = Serve(duration: 1, isFirst => new byte[isFirst ? length : 100_000]);

        var run = await RunAsync("split", "--delete", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(new FileInfo(Track("vocals.wav")).Length, Is.EqualTo(100_000));
        var requests = server.Requests.Select(request => request.Path)
            .Where(path => path is "/vocals" or "/no_vocals" or "/api/v1/delete/").ToList();
        Assert.That(requests[..^1], Is.EquivalentTo(new[] { "/vocals", "/vocals", "/no_vocals", "/no_vocals" }));
        Assert.That(requests[^1], Is.EqualTo("/api/v1/delete/"));
    }

    [Test]
    public async Task Track_that_stays_shorter_than_its_task_reported_is_not_saved_and_its_source_is_kept()
    {
        await using var server = Serve(duration: 1, _ => new byte[40_000]);

        var run = await RunAsync("split", "--delete");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That(Directory.GetFiles(Output, "*.wav", SearchOption.AllDirectories), Is.Empty);
        Assert.That(server.Requests.Select(request => request.Path), Has.Member("/vocals").And.No.Member("/api/v1/delete/"));
    }

    [Test]
    public async Task Recording_without_a_known_price_is_not_started_within_a_limit()
    {
        await File.WriteAllBytesAsync(Song, [1, 2, 3]);
        await using var server = Serve(duration: null, _ => []);

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
    /// <param name="duration">The duration that an upload returns.</param>
    /// <param name="content">Returns what is sent for the first and for later requests of a track.</param>
    private ScriptedServer Serve(double? duration, Func<bool, byte[]> content)
    {
        ScriptedServer server = null!;
        var requested = new ConcurrentDictionary<string, bool>();
        JObject Track(string type, string label) =>
            new() { ["type"] = type, ["label"] = label, ["url"] = new Uri(server.Address, label).AbsoluteUri, ["size"] = 100_000 };
        return server = Serve(request => request.Path switch
        {
            "/vocals" or "/no_vocals" => ScriptedResponse.File(request, content(requested.TryAdd(request.Path, true)), name: null),
            "/api/v1/upload/" => Json(new JObject { ["id"] = Source, ["name"] = "song.wav", ["duration"] = duration }),
            "/api/v1/split/stem_separator/" => Json(new JObject { ["task_id"] = TaskId }),
            "/api/v1/check/" => Json(new JObject
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
            }),
            _ => Json(new JObject { ["minutes_left"] = 600 }),
        });
    }

    private static ScriptedResponse Json(JObject body) => new() { Body = body.ToString() };

    private ScriptedServer Serve(Func<ScriptedRequest, ScriptedResponse> respond)
    {
        var server = ScriptedServer.Start(respond);
        Variables[LalalAiClientOptions.BaseAddressVariable] = server.Address.ToString();
        return server;
    }
}
