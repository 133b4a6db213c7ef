using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Downloads;

/// <summary>A folder, a file to download, and clients that share nothing but the disk.</summary>
internal abstract class DownloadFixture
{
    protected static readonly TaskId Task1 = new("2f1c6a54-7a3e-4a2e-9c57-0d4f5f4a1b11");

    /// <summary>What a broken download of the first track leaves.</summary>
    protected static readonly string[] PartOfVocals = ["song.wav.part", VocalsRecord];

    protected const string VocalsRecord = "vocals-2f1c6a54.part.json";

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<ILalalAiClient> _clients = [];

    /// <summary>More than a buffer, so that it takes several reads.</summary>
    protected static byte[] Content { get; } = PatternStream.Bytes(0, 200_003);

    protected static byte[] OtherContent { get; } = PatternStream.Bytes(1, 190_001);

    protected string Folder { get; private set; } = string.Empty;

    /// <summary>What the folder holds, below it too, with forward slashes.</summary>
    protected IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("lalalai-downloads-").FullName;

    [TearDown]
    public async Task Clean()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _servers.Clear();
        _clients.Clear();
        Directory.Delete(Folder, recursive: true);
    }

    protected static LalalAiClientOptions MakeOptions() => new()
    {
        LicenseKey = "k-1234567890",
        RetryDelay = TimeSpan.Zero,
        MaxRetries = 3,
        PollingInterval = TimeSpan.FromMilliseconds(20),
    };

    protected ScriptedServer Serve(Func<ScriptedRequest, ScriptedResponse> response)
    {
        var server = ScriptedServer.Start(response);
        _servers.Add(server);
        return server;
    }

    /// <summary>A new client, which shares nothing with the others but the disk.</summary>
    /// <param name="options">The options.</param>
    /// <param name="check">Answers checks of the task. By default no check is expected.</param>
    protected ILalalAiClient NewClient(LalalAiClientOptions? options = null, Func<TaskState>? check = null)
    {
        options ??= MakeOptions();
        var service = ScriptedServer.StartReading(_ => check is null ? ApiReply.Error(500) : CheckResponse(check()));
        options.BaseAddress = service.Address;
        _servers.Add(service);
        var client = new LalalAiClient(options);
        _clients.Add(client);
        return client;
    }

    /// <summary>A new client whose downloads go to a handler.</summary>
    protected ILalalAiClient NewClient(HttpMessageHandler downloads, Action<LalalAiClientOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLalalAi(options =>
        {
            options.LicenseKey = "k-1234567890";
            options.RetryDelay = TimeSpan.Zero;
            configure?.Invoke(options);
        }).Downloads.ConfigurePrimaryHttpMessageHandler(() => downloads);
        var provider = services.BuildServiceProvider();
        _servers.Add(provider);
        return provider.GetRequiredService<ILalalAiClient>();
    }

    /// <summary>Downloads a track. While its content arrives, another program creates a file with its name.</summary>
    protected async Task<DownloadedFile> DownloadWithTakenNameAsync(DownloadOptions? options = null)
    {
        var isNameTaken = new TaskCompletionSource();
        var server = Serve(request => ScriptedResponse.File(request, Content) with { HoldAfter = 1000, HoldUntil = isNameTaken.Task });
        return await NewClient().DownloadAsync(MakeTrack(server.Address), Folder, options, new Observer<TransferProgress>(_ =>
        {
            if (!isNameTaken.Task.IsCompleted)
            {
                File.WriteAllText(PathOf("song.wav"), "the user's");
                isNameTaken.SetResult();
            }
        }));
    }

    protected static TaskTrack MakeTrack(Uri link, string label = "vocals", string? name = null, long? size = null) =>
        MakeTrack(link.AbsoluteUri, label, name, size);

    protected static TaskTrack MakeTrack(string link, string label = "vocals", string? name = null, long? size = null) =>
        new() { TaskId = Task1, Type = TrackType.Stem, Label = label, Url = Uri.TryCreate(link, UriKind.Absolute, out var url) ? url : null, FileName = name, Size = size };

    protected static TaskSucceeded MakeTask(params IEnumerable<TaskTrack> tracks) => new()
    {
        TaskId = Task1,
        SourceId = new SourceId("source"),
        Presets = new UnknownTaskPresets { Raw = new JObject() },
        Tracks = [.. tracks],
        Duration = TimeSpan.FromSeconds(1),
    };

    protected string PathOf(string name) => Path.Combine(Folder, name);

    protected byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>The response to a check, with the links that a serialized state leaves out.</summary>
    private static ScriptedResponse CheckResponse(TaskState state)
    {
        var json = JObject.FromObject(state);
        if (state is TaskSucceeded { Tracks: var tracks })
        {
            for (var index = 0; index < tracks.Count; index++)
            {
                json["result"]!["tracks"]![index]!["url"] = tracks[index].Url?.OriginalString;
            }
        }

        return ApiReply.Checked(state.TaskId.Value, json);
    }
}
