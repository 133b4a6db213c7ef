using System.Net;

namespace LalalAi.Cluster.Tests.Processes;

/// <summary>The sample, as a new user runs it.</summary>
[Category("Slow")]
public sealed class SampleTests
{
    private DirectoryInfo _folder = null!;
    private CancellationTokenSource _limit = null!;

    [SetUp]
    public void Create()
    {
        _folder = Directory.CreateTempSubdirectory("lalalai-sample-");
        _limit = new CancellationTokenSource(TestLimit.Time);
    }

    [TearDown]
    public void Delete()
    {
        _limit.Dispose();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task The_sample_runs_a_catalog_on_two_silos_with_nothing_installed()
    {
        await using var sample = Start(songs: 6);
        await sample.ReadLineAsync("6 done, 0 failed, 0 lost", _limit.Token);

        Assert.That(await sample.ReadLineAsync("starts", _limit.Token), Does.StartWith("6 starts, 0 paid twice"));
        Assert.That(await sample.ExitAsync(_limit.Token), Is.Zero);
        Assert.That(Directory.GetFiles(_folder.FullName, "*.wav", SearchOption.AllDirectories), Has.Length.EqualTo(6 + 12));
    }

    [Test]
    [Platform(Include = "Linux,MacOsX", Reason = "Signals.")]
    public async Task The_sample_ends_on_SIGTERM()
    {
        await using var sample = Start(songs: 200);
        await sample.ReadLineAsync("of 200", _limit.Token);
        await sample.SignalAsync("TERM");

        Assert.That(await sample.ExitAsync(_limit.Token), Is.EqualTo(1));
        Assert.That(sample.Errors, Does.Contain("Stopped before all songs were done."));
    }

    [Test]
    [Platform(Include = "Linux,MacOsX", Reason = "Signals.")]
    public async Task The_sample_in_memory_ends_with_the_first_silo_that_is_killed()
    {
        await using var sample = Start(songs: 200);
        var silo = (await sample.ReadLineAsync("silo 0 is running", _limit.Token)).Split(' ')[^1];
        await sample.ReadLineAsync("of 200", _limit.Token);
        await TestProcess.RunAsync("kill", "-9", silo);

        Assert.That(await sample.ExitAsync(_limit.Token), Is.EqualTo(1));
        Assert.That(sample.Errors, Does.Contain("Use Redis to keep it."));
    }

    [Test]
    public async Task The_meters_and_traces_of_the_client_and_of_Orleans_are_exported()
    {
        await using var collector = ScriptedServer.StartReading(_ => new ScriptedResponse());
        await using var sample = Start(songs: 20, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        await TestLimit.UntilAsync(() =>
            Has("/v1/metrics", "lalalai.client.checks") && Has("/v1/metrics", "orleans-app-requests")
            && Has("/v1/traces", "LalalAi.Upload") && Has("/v1/traces", "ICheckGrain"));

        bool Has(string path, string text) => collector.Requests.Any(
            request => request.Path == path && request.IsComplete && request.Text.Contains(text, StringComparison.Ordinal));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "/proc.")]
    public async Task The_dashboard_is_off_by_default()
    {
        await using var sample = Start(songs: 200);
        var silo = (await sample.ReadLineAsync("silo 0 is running", _limit.Token)).Split(' ')[^1];
        await TestLimit.UntilAsync(() => sample.Output.Contains("silo 1 is running", StringComparison.Ordinal));

        Assert.That(ListeningSockets(silo), Has.Exactly(2).Items, "One for other silos, and one for clients.");
    }

    [Test]
    public async Task The_dashboard_is_available_only_on_this_machine()
    {
        var port = ProcessCluster.FreePorts(1);
        await using var sample = Start(songs: 200, arguments: $"--Dashboard={port}");
        await sample.ReadLineAsync("silo 0 is running", _limit.Token);
        using var client = new HttpClient();
        using var rebound = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/") { Headers = { Host = "evil.example.com" } };

        Assert.That((await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), _limit.Token)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.SendAsync(rebound, _limit.Token)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(
            System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(endpoint => endpoint.Port == port).Select(endpoint => IPAddress.IsLoopback(endpoint.Address)),
            Is.Not.Empty.And.All.True);
    }

    /// <summary>Returns the TCP sockets on which a process listens, as <c>socket:[inode]</c>.</summary>
    private static IEnumerable<string> ListeningSockets(string process)
    {
        const string Listening = "0A";
        var listening = new[] { "tcp", "tcp6" }
            .SelectMany(name => File.ReadLines($"/proc/{process}/net/{name}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == Listening)
            .Select(columns => $"socket:[{columns[9]}]")
            .ToHashSet();
        return Directory.GetFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget)
            .Where(target => target is not null && listening.Contains(target))!;
    }

    private TestProcess Start(int songs, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        TestProcess.StartAssembly(
            typeof(global::Cluster.ClusterSettings).Assembly.Location,
            [$"--Songs={songs}", $"--Folder={_folder.FullName}", $"--Port={ProcessCluster.FreePorts(4)}", .. arguments],
            environment);
}
