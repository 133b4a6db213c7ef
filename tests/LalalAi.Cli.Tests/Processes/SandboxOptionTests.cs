using System.Net;
using System.Text;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The options of <c>lalalai sandbox</c>, as programs of other processes see them.</summary>
[Category("Slow")]
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
[CancelAfter(TestLimit.Milliseconds)]
[Parallelizable]
public sealed class SandboxOptionTests
{
    private const string Key = "sandbox-mine";

    [Test]
    public async Task Json_writes_what_another_program_needs_to_connect(CancellationToken cancellationToken)
    {
        using var sandbox = Start("--json");
        var listening = await sandbox.ReadEventAsync("listening", cancellationToken);
        await using var client = Connect(new Uri((string)listening["base_url"]!), (string)listening["license_key"]!);
        using var http = new HttpClient();

        Assert.That(await client.GetMinutesLeftAsync(cancellationToken), Is.EqualTo(600));
        Assert.That(await http.GetStringAsync((string)listening["dashboard"]! + "health", cancellationToken), Does.Contain("license_key"));
    }

    [Test]
    [Platform("Linux", Reason = "Elsewhere, 127.0.0.1 is the only loopback address.")]
    public async Task Listen_is_the_address_of_the_sandbox(CancellationToken cancellationToken)
    {
        using var sandbox = Start("--listen", "127.0.0.2");
        var address = new Uri((await sandbox.ReadLineAsync(cancellationToken))!);
        await using var client = Connect(address);

        Assert.That(address.Host, Is.EqualTo("127.0.0.2"));
        Assert.That(await client.GetMinutesLeftAsync(cancellationToken), Is.EqualTo(600));
    }

    [TestCase("sandbox.example", HttpStatusCode.OK)]
    [TestCase("second.example", HttpStatusCode.OK)]
    [TestCase("other.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Host_is_a_name_that_clients_may_use(string host, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var sandbox = Start("--host", "sandbox.example", "--host", "second.example");
        var address = await sandbox.ReadLineAsync(cancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}_sandbox/health") { Headers = { Host = host } };
        using var response = await http.SendAsync(request, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Control_token_is_the_token_that_other_machines_need(CancellationToken cancellationToken)
    {
        using var sandbox = Start("--listen", "0.0.0.0", "--control-token", "mine42");
        await sandbox.ReadLineAsync(cancellationToken);
        await EndAsync(sandbox, cancellationToken);

        Assert.That(await sandbox.Messages, Does.Contain("X-Sandbox-Token: mine42"));
    }

    [Test]
    public async Task State_keeps_files_for_the_next_sandbox([Values] bool isKept, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("lalalai-state").FullName;
        SourceId source;
        using (var first = Start("--state", folder))
        await using (var client = Connect(new Uri((await first.ReadLineAsync(cancellationToken))!)))
        {
            source = (await client.UploadAsync(new MemoryStream(SandboxSong.Create(TimeSpan.FromSeconds(1))), "song.wav", cancellationToken: cancellationToken)).Id;
            await EndAsync(first, cancellationToken);
        }

        using var second = isKept ? Start("--state", folder) : Start();
        await using var next = Connect(new Uri((await second.ReadLineAsync(cancellationToken))!));
        var start = next.StartAsync(source, new DemuserPresets(), cancellationToken: cancellationToken);

        Assert.That(() => start, isKept ? Throws.Nothing : Throws.InstanceOf<LalalAiApiException>());
        await EndAsync(second, cancellationToken);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Links_have_the_port_of_links_port_and_the_host_that_the_client_used(CancellationToken cancellationToken)
    {
        var (sandbox, port) = await ClosedPort.StartOnFreePortAsync(StartAsync);
        using var process = sandbox.Process;
        await using var client = Connect(sandbox.Address);
        var song = SandboxSong.Create(TimeSpan.FromSeconds(0.1));
        var source = await client.UploadAsync(song, "song.wav", cancellationToken: cancellationToken);
        var task = await client.StartAsync(source.Id, new DemuserPresets(), cancellationToken: cancellationToken);
        await client.WaitAsync(task, cancellationToken: cancellationToken);

        using var http = new HttpClient { BaseAddress = sandbox.Address };
        foreach (var host in new[] { "127.0.0.1", "localhost", "music.localhost", "studio.example" })
        {
            // As through a forwarded port: the client knows the sandbox by another address.
            using var check = new HttpRequestMessage(HttpMethod.Post, "api/v1/check/")
            {
                Headers = { { "X-License-Key", Key }, { "Host", $"{host}:8080" } },
                Content = new StringContent($$"""{ "task_ids": ["{{task}}"] }""", Encoding.UTF8, "application/json"),
            };
            using var response = await http.SendAsync(check, cancellationToken);
            var states = JObject.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var link = new Uri((string)states.SelectTokens("$..url").First()!);
            Assert.That(link.Authority, Is.EqualTo($"{host}:{port}"));

            using var download = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(link) { Host = "127.0.0.1" }.Uri);
            download.Headers.Host = link.Authority;
            using var track = await http.SendAsync(download, cancellationToken);
            Assert.That(track.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"{link}");
        }

        async Task<Listening?> StartAsync(int port)
        {
            var started = Start("--speed", "1000000", "--links-port", $"{port}", "--host", "studio.example");
            if (await started.ReadLineAsync(cancellationToken) is { } address)
            {
                return new Listening(started, new Uri(address));
            }

            started.Dispose();
            return null;
        }
    }

    private static CliProcess Start(params string[] options) => CliProcess.Start([], ["sandbox", "--license-key", Key, .. options]);

    private static LalalAiClient Connect(Uri address, string key = Key) => new(new LalalAiClientOptions { BaseAddress = address, LicenseKey = key });

    private static async Task EndAsync(CliProcess sandbox, CancellationToken cancellationToken)
    {
        await sandbox.SignalAsync("TERM", cancellationToken);
        await sandbox.EndAsync(cancellationToken);
    }

    private sealed record Listening(CliProcess Process, Uri Address);
}
