using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class LifetimeTests
{
    private static readonly string[] Files = ["source", "track", "track"];

    private string _directory = null!;

    [SetUp]
    public void SetUp() => _directory = Path.Combine(Path.GetTempPath(), $"lalalai-tests-{Guid.NewGuid():N}");

    [TearDown]
    public void TearDown()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Test]
    public async Task Servers_in_one_process_are_independent()
    {
        await using var one = await SandboxServer.StartAsync(SandboxFixture.DummyContent);
        await using var other = await SandboxServer.StartAsync(SandboxFixture.DummyContent);
        using var first = new ApiClient(one);
        using var second = new ApiClient(other);
        var source = await first.UploadSecondsAsync(60);

        Assert.That(one.BaseAddress, Is.Not.EqualTo(other.BaseAddress));
        Assert.That((await first.SplitAsync(source)).Code, Is.EqualTo(200));
        Assert.That((await second.SplitAsync(source)).Code, Is.EqualTo(400));
    }

    [Test]
    public async Task A_link_of_one_server_does_not_work_on_another()
    {
        await using var one = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { Speed = double.PositiveInfinity });
        await using var other = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { Speed = double.PositiveInfinity });
        var links = new List<Uri>();
        foreach (var server in new[] { one, other })
        {
            using var client = new ApiClient(server);
            links.Add(new Uri((await client.GetLinksAsync(await client.SplitIdAsync(await client.UploadSecondsAsync(1))))["vocals"]));
        }

        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(links[1], links[0].PathAndQuery));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Dispose_frees_both_ports_and_can_be_called_twice()
    {
        const string Key = "sandbox-disposed";
        const string Content = "content of a track";
        var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { Speed = double.PositiveInfinity, LicenseKeys = [Key] });
        using var client = new ApiClient(server);
        var source = await client.UploadIdAsync(System.Text.Encoding.UTF8.GetBytes(Content));
        var link = new Uri((await client.GetLinksAsync(await client.SplitIdAsync(source)))["vocals"]);
        var health = new Uri(server.BaseAddress, "/_sandbox/health");
        var before = (await Loopback.RespondsAsync(health, Key), await Loopback.RespondsAsync(link, Content));

        await server.DisposeAsync();
        await server.DisposeAsync();

        var after = (await Loopback.RespondsAsync(health, Key), await Loopback.RespondsAsync(link, Content));
        Assert.That((before, after), Is.EqualTo(((true, true), (false, false))));
    }

    [Test]
    public async Task Dispose_deletes_the_temporary_folder()
    {
        var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent);
        using var client = new ApiClient(server);
        await client.UploadSecondsAsync(1);
        var files = Directory.GetFiles(server.Folder, "source-*");

        await server.DisposeAsync();

        Assert.That((files.Length, Directory.Exists(server.Folder)), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task StartAsync_deletes_the_temporary_folder_of_a_killed_sandbox_but_not_of_a_running_one()
    {
        await using var running = await SandboxServer.StartAsync();
        var abandoned = Path.Combine(Path.GetTempPath(), $"lalalai-sandbox-{Guid.NewGuid():N}");
        Directory.CreateDirectory(abandoned);
        await File.WriteAllTextAsync(Path.Combine(abandoned, "source-1"), "left behind");
        await File.WriteAllTextAsync(abandoned + ".new", "");
        // Moved, not written: from now on, any sandbox on this machine may open the lock and delete the folder.
        File.Move(abandoned + ".new", abandoned + ".lock");
        await using var next = await SandboxServer.StartAsync();

        // It is gone, or another sandbox has locked it to delete it.
        Assert.That(() => File.Open(abandoned + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None), Throws.InstanceOf<IOException>());
        await TestLimit.UntilAsync(() => !Directory.Exists(abandoned) && !File.Exists(abandoned + ".lock"));
        Assert.That(running.Folder, Does.Exist);
    }

    [Test]
    public async Task Folder_of_the_user_is_created_and_not_deleted()
    {
        await using (var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { StateDirectory = _directory }))
        {
            using var client = new ApiClient(server);
            await client.UploadSecondsAsync(1);
        }

        Assert.That(Directory.GetFiles(_directory).Select(file => Path.GetFileName(file).Split('-')[0]), Is.EquivalentTo(
            new[] { "source", "sandbox.json" }));
    }

    [Test]
    public async Task Files_are_deleted_once_they_are_unreachable()
    {
        var clock = new FakeTimeProvider();
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { StateDirectory = _directory, TimeProvider = clock });
        using var client = new ApiClient(server);
        var source = await client.UploadIdAsync(WaveFile.Noise(1, 16).ToBytes());
        var task = await client.SplitIdAsync(source);
        clock.Advance(TimeSpan.FromMinutes(1));
        await client.Http.GetByteArrayAsync((await client.GetLinksAsync(task))["vocals"]);
        Assert.That(MediaFiles().Select(file => file.Split('-')[0]).Order(), Is.EqualTo(Files));

        await client.PostAsync("delete/", new JObject { ["source_id"] = source });
        clock.Advance(TimeSpan.FromHours(1));
        await client.GetMinutesLeftAsync();
        Assert.That(MediaFiles(), Is.Empty);
        Assert.That((string?)(await client.CheckAsync(task))["status"], Is.EqualTo("success"));
    }

    [Test]
    public async Task An_upload_over_the_limit_leaves_no_file()
    {
        await using var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { StateDirectory = _directory, MaxUploadBytes = 10 });
        using var client = new ApiClient(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/upload/") { Content = new ByteArrayContent(new byte[100]) };
        request.Headers.Add("X-License-Key", server.LicenseKey);
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.TryAddWithoutValidation("Content-Disposition", "attachment; filename=a.mp3");
        using var response = await client.Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That(MediaFiles(), Is.Empty);
    }

    [Test]
    public async Task Interrupted_upload_leaves_no_file()
    {
        var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { StateDirectory = _directory });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.BaseAddress.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(
            "POST /api/v1/upload/ HTTP/1.1\r\nHost: localhost\r\nX-License-Key: sandbox-license-key\r\nContent-Disposition: attachment; filename=a.mp3\r\nContent-Length: 5000\r\n\r\n"u8.ToArray());
        await stream.WriteAsync(new byte[2000]);
        await TestLimit.UntilAsync(() => MediaFiles().Length == 1);

        tcp.Close();
        await server.DisposeAsync();
        Assert.That(MediaFiles(), Is.Empty);
    }

    [Test]
    public async Task Dispose_does_not_wait_for_downloads()
    {
        // A server that waited for its download would take 30 seconds, and all of them longer than the limit.
        var servers = new List<SandboxServer>();
        var downloads = new List<Task<byte[]>>();
        using var http = new HttpClient();
        for (var number = 0; number < 5; number++)
        {
            var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { Speed = double.PositiveInfinity });
            servers.Add(server);
            server.Faults.Add("stall=100;on=download");
            using var client = new ApiClient(server);
            var links = await client.GetLinksAsync(await client.SplitIdAsync(await client.UploadSecondsAsync(1)));
            var response = await http.GetAsync(links["vocals"], HttpCompletionOption.ResponseHeadersRead);
            downloads.Add(response.Content.ReadAsByteArrayAsync());
        }

        await DisposeAllAsync().SoonAsync();

        Assert.Multiple(() => downloads.ForEach(download => Assert.That(() => download, Throws.InstanceOf<HttpRequestException>())));

        async Task DisposeAllAsync()
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Test]
    public async Task StartAsync_throws_if_the_port_is_in_use()
    {
        await using var server = await SandboxServer.StartAsync();
        var options = new SandboxOptions { Port = server.BaseAddress.Port };

        Assert.That(async () => await SandboxServer.StartAsync(options), Throws.InstanceOf<IOException>());
    }

    private string[] MediaFiles() => [.. Directory.GetFiles(_directory).Select(file => Path.GetFileName(file)).Where(
        file => file.Contains('-', StringComparison.Ordinal))];

    private static IEnumerable<SandboxOptions> BadOptions() =>
    [
        new() { Port = -1 },
        new() { Port = 65_536 },
        new() { Speed = 0 },
        new() { Speed = double.NaN },
        new() { MinutesPerLicense = -1 },
        new() { MinutesPerLicense = double.NaN },
        new() { LicenseKeys = [] },
        new() { LinksPort = 65_536 },
        new() { AllowedHosts = ["http://sandbox"] },
        new() { AllowedHosts = ["sandbox:7070"] },
        new() { AllowedHosts = [""] },
        new() { ControlToken = "" },
        new() { ControlToken = "a\r\nb" },
        new() { ListenAddress = null! },
        new() { LicenseKeys = ["a", " "] },
        new() { ChecksPerMinute = -1 },
        new() { LinkLifetime = TimeSpan.FromTicks(-1) },
        new() { LinkLifetime = TimeSpan.MaxValue },
        new() { SourceLifetime = TimeSpan.MaxValue },
        new() { TaskLifetime = TimeSpan.MaxValue },
        new() { LinkGraceAfterDelete = TimeSpan.MaxValue },
        new() { TimeProvider = null! },
    ];

    [TestCaseSource(nameof(BadOptions))]
    public void An_option_out_of_range_is_rejected(SandboxOptions options) =>
        Assert.That(async () => await SandboxServer.StartAsync(options), Throws.InstanceOf<ArgumentException>());
}
