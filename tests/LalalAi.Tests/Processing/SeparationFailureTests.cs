using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Processing;

/// <summary>What of a job is kept when a part of it fails after its task was paid for.</summary>
public sealed class SeparationFailureTests
{
    private const string Task = "0b9a7c5e-1111-4222-8333-444455556666";

    private readonly Dictionary<string, ApiReply> _replies = [];
    private string _directory = null!;
    private ApiServer _server = null!;
    private LalalAiClient _client = null!;
    private string _song = null!;

    [SetUp]
    public void Start()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-job").FullName;
        _song = Path.Combine(_directory, "song.wav");
        File.WriteAllText(_song, "sound");
        _server = ApiServer.StartReading(request => _replies[request.Path] is var reply && reply.Then is { } then ? then(request) : reply);
        _client = ApiClients.For(_server.Address);
        _replies["/api/v1/upload/"] = ApiReply.Uploaded;
        _replies["/api/v1/split/demuser/"] = ApiReply.Started;
        var done = States.Success();
        done["result"]!["tracks"] = new JArray(new JObject { ["type"] = "stem", ["label"] = "music", ["url"] = new Uri(_server.Address, "track").AbsoluteUri });
        _replies["/api/v1/check/"] = new ApiReply { Body = new JObject { ["result"] = new JObject { [Task] = done } }.ToString() };
        _replies["/track"] = new ApiReply { Body = "music" };
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_source_that_cannot_be_deleted_does_not_cost_the_result()
    {
        _replies["/api/v1/delete/"] = ApiReply.Error(400);

        var result = await _client.ProcessAsync(_song, new DemuserPresets(), Path.Combine(_directory, "out"), new ProcessOptions { DeleteSource = true });

        Assert.That((result.IsComplete, result.IsSourceDeleted), Is.EqualTo((true, false)));
        Assert.That(result.DeleteError, Is.TypeOf<LalalAiApiException>());
    }

    [Test]
    public async Task A_job_that_is_cancelled_in_its_start_keeps_the_key_of_it()
    {
        using var cancellation = new CancellationTokenSource();
        _replies["/api/v1/split/demuser/"] = new ApiReply
        {
            Then = _ =>
            {
                cancellation.Cancel();
                return ApiReply.Started with { HoldUntil = ApiReply.Forever };
            },
        };

        var exception = await Assert.ThrowsAsync<LalalAiStartCanceledException>(() => _client.ProcessAsync(_song, new DemuserPresets(), _directory, cancellationToken: cancellation.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(exception.IdempotencyKey.ToString(), Is.EqualTo((string?)JObject.Parse(_server.Requests.Single(request => request.Path == "/api/v1/split/demuser/").Text)["idempotency_key"]));
    }

    [Test]
    public async Task The_task_is_told_as_soon_as_it_is_known_so_that_a_wait_that_fails_can_be_taken_up()
    {
        _replies["/api/v1/check/"] = ApiReply.Error(403);
        var reports = new List<ProcessProgress>();

        await Assert.ThrowsAsync<LalalAiAuthenticationException>(() => _client.ProcessAsync(_song, new DemuserPresets(), _directory, progress: new Observer<ProcessProgress>(reports.Add)));

        Assert.That(reports[^1], Is.EqualTo(new ProcessProgress(ProcessPhase.Processing, 0, 0.25, TaskId: new TaskId(Task))));
    }

    [Test]
    public async Task A_track_that_cannot_be_had_is_part_of_the_result_and_the_source_stays()
    {
        _replies["/track"] = new ApiReply { Status = 400 };

        var result = await _client.ProcessAsync(_song, new DemuserPresets(), _directory, new ProcessOptions { DeleteSource = true });

        Assert.That((result.IsComplete, result.IsSourceDeleted, result.DeleteError), Is.EqualTo((false, false, (Exception?)null)));
        Assert.That(result.Tracks.Single().Error, Is.TypeOf<LalalAiDownloadException>());
        Assert.That(_server.Requests.Select(request => request.Path), Has.None.EqualTo("/api/v1/delete/"));
    }
}
