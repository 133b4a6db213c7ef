using LalalAi.Downloads;
using LalalAi.Http;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LalalAi.Tests.Downloads;

/// <summary>A folder, a file to download, and downloaders, which are as separate from each other as processes are.</summary>
[CancelAfter(60_000)]
internal abstract class DownloadFixture
{
    protected static readonly TaskId Task1 = new("2f1c6a54-7a3e-4a2e-9c57-0d4f5f4a1b11");

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<IDisposable> _clients = [];

    /// <summary>More than a buffer, so that it takes several reads.</summary>
    protected static byte[] Content { get; } = MakeContent(200_003, 1);

    protected static byte[] OtherContent { get; } = MakeContent(190_001, 2);

    protected string Folder { get; private set; } = string.Empty;

    /// <summary>What the folder holds, below it too, with forward slashes.</summary>
    protected IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("lalalai-downloads-").FullName;

    [TearDown]
    public async Task Clean()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _clients.ForEach(client => client.Dispose());
        _servers.Clear();
        _clients.Clear();
        Directory.Delete(Folder, recursive: true);
    }

    protected static byte[] MakeContent(int length, int seed)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    protected static LalalAiClientOptions MakeOptions() => new() { LicenseKey = "k-1234567890", RetryDelay = TimeSpan.Zero, MaxRetries = 3 };

    protected HostileServer Serve(Func<HostileRequest, HostileResponse> answer)
    {
        var server = HostileServer.Start(answer);
        _servers.Add(server);
        return server;
    }

    /// <summary>A new downloader with connections of its own, which shares nothing with the others but the disk.</summary>
    protected TrackDownloader NewDownloader(LalalAiClientOptions? options = null, Func<TaskId, Task<TaskState>>? check = null, PartDisk? disk = null)
    {
        options ??= MakeOptions();
        var clients = new HttpClients(options);
        _clients.Add(clients);
        return new TrackDownloader(clients, (task, _) => check is null ? throw new AssertionException("Nobody should check.") : check(task), options, NullLogger.Instance, disk);
    }

    protected static TaskTrack MakeTrack(Uri link, string label = "vocals", string? name = null, long? size = null) => MakeTrack(link.AbsoluteUri, label, name, size);

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

    /// <summary>Downloads all tracks over a downloader of its own.</summary>
    protected static Task<IReadOnlyList<DownloadResult>> DownloadAllAsync(
        TrackDownloader downloader, TaskSucceeded task, string directory, DownloadOptions? options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        new DownloaderClient(downloader).DownloadAllAsync(task, directory, options, progress, cancellationToken);

    private sealed class DownloaderClient(TrackDownloader downloader) : FakeClient
    {
        public override Task<DownloadedFile> DownloadAsync(
            TaskTrack track,
            string directory,
            DownloadOptions? options = null,
            IProgress<TransferProgress>? progress = null,
            CancellationToken cancellationToken = default) => downloader.DownloadAsync(track, directory, options, progress, cancellationToken);
    }

    /// <summary>Lets time pass until something has happened.</summary>
    protected static async Task AdvanceUntilAsync(FakeTimeProvider time, TimeSpan step, Func<bool> isDone)
    {
        while (!isDone())
        {
            TestContext.CurrentContext.CancellationToken.ThrowIfCancellationRequested();
            time.Advance(step);
            await Task.Yield();
        }
    }

    /// <summary>A clock on which so much time passes between two looks that no report is held back.</summary>
    protected sealed class EveryReport : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency);
    }

    /// <summary>Calls on each report, at once and on the reporting thread.</summary>
    protected sealed class Reports(Action<TransferProgress>? each = null) : IProgress<TransferProgress>
    {
        private readonly List<TransferProgress> _all = [];

        public IReadOnlyList<TransferProgress> All
        {
            get
            {
                lock (_all)
                {
                    return [.. _all];
                }
            }
        }

        public void Report(TransferProgress value)
        {
            lock (_all)
            {
                _all.Add(value);
            }

            each?.Invoke(value);
        }
    }
}
