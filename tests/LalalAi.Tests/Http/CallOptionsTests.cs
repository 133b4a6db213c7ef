using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Http;

/// <summary>The options of single calls, and the user agent.</summary>
public sealed class CallOptionsTests
{
    [TestCase(0, 0, 1)]
    [TestCase(4, 0, 1)]
    [TestCase(0, 3, 4)]
    [TestCase(1, 3, 4)]
    public async Task SendAsync_retries_as_often_as_its_options_allow(int clientRetries, int callRetries, int requests)
    {
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(503));
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = clientRetries);

        await Assert.ThrowsAsync<LalalAiApiException>(() => client.SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), new CallOptions { MaxRetries = callRetries }));

        Assert.That(server.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task SendAsync_ends_an_attempt_at_its_timeout()
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { HoldUntil = ScriptedResponse.Forever });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => client.SendAsync(
            (raw, token) => raw.LimitsMinutesLeftAsync(token), new CallOptions { Operation = "Minutes", Timeout = TimeSpan.FromMilliseconds(50) }));

        Assert.That(exception!.Message, Does.StartWith("Minutes:").And.Contain("00:00:00.05"));
    }

    [Test]
    public async Task GetMinutesLeftAsync_uses_the_timeout_and_the_retries_of_the_call()
    {
        var requests = 0;
        await using var server = ScriptedServer.StartReading(_ => requests++ != 2
            ? ApiReply.Error(503)
            : new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = 5);

        await Assert.ThrowsAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync(new CallOptions()));

        Assert.That(await client.GetMinutesLeftAsync(new CallOptions { Timeout = TimeSpan.FromMinutes(1), MaxRetries = 1 }), Is.EqualTo(7));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    private static readonly CallOptions[] Wrong = [new() { Timeout = TimeSpan.Zero }, new() { Timeout = TimeSpan.FromSeconds(-2) }, new() { MaxRetries = -1 }];

    [TestCaseSource(nameof(Wrong))]
    public async Task SendAsync_rejects_options_that_are_not_valid(CallOptions options)
    {
        using var nowhere = new ClosedPort();
        await using var client = ApiClients.For(nowhere.Address);

        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), options));
    }

    private static readonly TimeSpan[] Long = [Timeout.InfiniteTimeSpan, TimeSpan.FromDays(50), TimeSpan.MaxValue];

    [TestCaseSource(nameof(Long))]
    public async Task Timeouts_of_any_length_are_accepted_in_each_place(TimeSpan timeout)
    {
        await using var server = ScriptedServer.Start(request => request.Path.Contains("upload", StringComparison.Ordinal) ? ApiReply.Uploaded : new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var client = ApiClients.For(server.Address, options =>
        {
            options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = timeout;
            options.RetryDelay = timeout.Duration();
        });

        await client.UploadAsync(new byte[] { 1 }, "song.wav");
        await client.GetMinutesLeftAsync();
        await client.SendAsync((raw, token) => raw.LimitsMinutesLeftAsync(token), new CallOptions { Timeout = timeout });

        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task User_agent_names_the_library()
    {
        var agents = await AgentsAsync(null);

        Assert.That(agents, Has.Length.EqualTo(2).And.All.Match(@"^LalalAi\.Sdk/\d+\.\d+\.\d+\S*$"));
    }

    [Test]
    public async Task User_agent_names_the_application_first()
    {
        var agents = await AgentsAsync("karaoke-web/1.4");

        Assert.That(agents, Has.Length.EqualTo(2).And.All.Match(@"^karaoke-web/1\.4 LalalAi\.Sdk/\S+$"));
    }

    private static async Task<string[]> AgentsAsync(string? application)
    {
        await using var server = ScriptedServer.Start(request => request.Path == "/vocals.wav"
            ? ScriptedResponse.File(request, PatternStream.Bytes(0, 1000))
            : new ScriptedResponse { Body = """{ "minutes_left": 7 }""" });
        await using var client = ApiClients.For(server.Address, options => options.ApplicationId = application);
        await client.GetMinutesLeftAsync();
        await client.DownloadAsync(LalalAiModelFactory.TaskTrack() with { Url = new Uri(server.Address, "vocals.wav"), Size = null }, Stream.Null);
        return [.. server.Requests.Select(request => request.Headers["User-Agent"])];
    }
}
