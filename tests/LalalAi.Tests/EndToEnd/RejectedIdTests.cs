using System.Net;
using LalalAi.Sandbox;

namespace LalalAi.Tests.EndToEnd;

/// <summary>
/// An ID for which the service rejects a whole check. Only the wait for that ID throws, and the tasks beside it, which were paid for, are
/// waited for to their end.
/// </summary>
public sealed class RejectedIdTests
{
    private readonly TestClock _clock = new();
    private string _directory = null!;
    private SandboxServer _sandbox = null!;

    [SetUp]
    public async Task Start()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-rejected").FullName;
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = _clock, Speed = 1000 });
    }

    [TearDown]
    public async Task Stop()
    {
        await _sandbox.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task WaitAsync_throws_for_an_ID_that_breaks_the_contract_and_other_waits_continue()
    {
        await using var client = new LalalAiClient(Options());
        var tasks = await StartAsync(client, 3);

        // A UUID of version 1. Those of the contract have version 4.
        var rejected = await WaitForAllAsync(client, tasks, new TaskId("5f0c1d1e-2b3a-1c5d-8e6f-7a8b9c0d1e2f"));

        Assert.That(rejected, Is.TypeOf<LalalAiValidationException>().With.Property("StatusCode").EqualTo(422));
    }

    /// <summary>
    /// The contract does not say whether an ID of more than 24 hours ago is reported as <c>server_error</c>, as the sandbox does, or fails
    /// the whole request, as here. A client that resumes from stored IDs cannot know their age.
    /// </summary>
    [Test]
    public async Task WaitAsync_throws_for_an_ID_that_has_expired_and_other_waits_continue()
    {
        var expired = string.Empty;
        var options = Options();
        options.PrimaryHandlerFactory = () => new RejectingHandler(body => expired.Length > 0 && body.Contains(expired));
        await using var client = new LalalAiClient(options);
        var old = (await StartAsync(client, 1))[0];
        _clock.Advance(TimeSpan.FromHours(25));
        expired = old.Value;
        var tasks = await StartAsync(client, 3);

        var rejected = await WaitForAllAsync(client, tasks, old);

        Assert.That(rejected, Is.TypeOf<LalalAiApiException>().With.Property("StatusCode").EqualTo(400));
    }

    private LalalAiClientOptions Options() =>
        new() { BaseAddress = _sandbox.BaseAddress, LicenseKey = _sandbox.LicenseKey, PollingInterval = TimeSpan.FromMilliseconds(20) };

    private async Task<List<TaskId>> StartAsync(LalalAiClient client, int count)
    {
        var source = await client.UploadAsync(SongFile.Write(_directory));
        List<TaskId> tasks = [];
        while (tasks.Count < count)
        {
            tasks.Add(await client.StartAsync(source.Id, new StemSeparatorPresets { Stem = Stem.Vocals }));
        }

        return tasks;
    }

    /// <summary>Waits for tasks and a bad ID in the same requests. Returns what the wait for that ID throws; the others must succeed.</summary>
    private async Task<Exception?> WaitForAllAsync(LalalAiClient client, List<TaskId> tasks, TaskId bad)
    {
        var states = new Observer<TaskState>();
        var waits = tasks.Select(id => client.WaitAsync(id, states)).ToList();
        var seen = new HashSet<TaskId>();
        while (seen.Count < tasks.Count)
        {
            seen.Add((await states.NextAsync()).TaskId);
        }

        var exception = await Assert.CatchAsync(() => client.WaitAsync(bad).SoonAsync());
        Assert.That(waits.Select(wait => wait.IsCompleted), Has.All.False, "The tasks have not ended yet.");
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(waits).SoonAsync();
        return exception;
    }

    /// <summary>Rejects the requests whose body matches, in the way of the service.</summary>
    private sealed class RejectingHandler(Func<string, bool> rejects) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isCheck = request.RequestUri!.AbsolutePath.EndsWith("/check/", StringComparison.Ordinal);
            return isCheck && rejects(await request.Content!.ReadAsStringAsync(cancellationToken))
                ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("""{"detail":"Task not found"}""") }
                : await base.SendAsync(request, cancellationToken);
        }
    }
}
