using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Processing;

/// <summary>Jobs on a server that has a reply for each path. Without other replies, they succeed.</summary>
public abstract class ProcessFixture
{
    protected const string Upload = "/api/v1/upload/";
    protected const string Start = "/api/v1/split/demuser/";
    protected const string Check = "/api/v1/check/";
    protected const string Delete = "/api/v1/delete/";

    protected static readonly TaskId Task1 = new("0b9a7c5e-1111-4222-8333-444455556666");

    protected Dictionary<string, ScriptedResponse> Replies { get; } = [];

    protected string Folder { get; private set; } = null!;

    protected string Output { get; private set; } = null!;

    protected string SongPath { get; private set; } = null!;

    protected ScriptedServer Server { get; private set; } = null!;

    protected LalalAiClient Client { get; private set; } = null!;

    [SetUp]
    public void StartServer()
    {
        Folder = Directory.CreateTempSubdirectory("lalalai-job").FullName;
        Output = Path.Combine(Folder, "out");
        SongPath = Path.Combine(Folder, "song.wav");
        File.WriteAllText(SongPath, "sound");
        Server = ScriptedServer.StartReading(request => Replies[request.Path] is var reply && reply.Then is { } then ? then(request) : reply);
        Client = ApiClients.For(Server.Address);
        Replies[Upload] = ApiReply.Uploaded;
        Replies[Start] = ApiReply.Started;
        Replies[Check] = Succeeded("music");
        Replies[Delete] = new ScriptedResponse { Body = """{"status":"success"}""" };
        Replies["/track/music"] = new ScriptedResponse { Body = "music", ContentType = "audio/wav" };
        Replies["/track/no_music"] = new ScriptedResponse { Body = "speech", ContentType = "audio/wav" };
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected ScriptedResponse Succeeded(params string[] labels)
    {
        var done = States.Success();
        done["result"]!["tracks"] = new JArray(labels.Select(label => new JObject { ["type"] = "stem", ["label"] = label, ["url"] = new Uri(Server.Address, $"track/{label}").AbsoluteUri }));
        return Checked(done);
    }

    /// <summary>A response to a check of the task.</summary>
    protected static ScriptedResponse Checked(JObject state) => ApiReply.Checked(Task1.Value, state);

    /// <summary>The idempotency key of a start request.</summary>
    protected static string? KeyOf(ScriptedRequest start) => (string?)JObject.Parse(start.Text)["idempotency_key"];

    protected sealed class Host : ProcessHost
    {
        public Func<JobCheckpoint, Task> OnSave { get; init; } = _ => Task.CompletedTask;

        public Func<ProcessPhase, IDisposable?> OnEnter { get; init; } = _ => null;

        public override Task SaveCheckpointAsync(JobCheckpoint checkpoint, CancellationToken cancellationToken = default) => OnSave(checkpoint);

        public override Task<IDisposable?> EnterPhaseAsync(ProcessPhase phase, JobCheckpoint checkpoint, CancellationToken cancellationToken = default) => Task.FromResult(OnEnter(phase));
    }
}
