using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>Access to a sandbox: denied for web pages, and for other machines unless the options allow it.</summary>
internal sealed class AccessTests : SandboxFixture
{
    private const string TokenHeader = "X-Sandbox-Token";
    private const string MinutesLeft = "/api/v1/limits/minutes_left/";

    protected override SandboxOptions CreateOptions() =>
        base.CreateOptions() with { AllowedHosts = ["sandbox", "My-Machine.example"], Speed = double.PositiveInfinity };

    [TestCase("evil.example")]
    [TestCase("localhost.evil.example")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("evil-localhost")]
    [TestCase("192.0.2.1")]
    [TestCase("0.0.0.0")]
    public async Task A_request_to_an_unknown_host_is_rejected_everywhere(string host)
    {
        var link = new Uri(await GetLinkAsync());
        var responses = new[]
        {
            await SendAsync(Server.BaseAddress, "GET", "/_sandbox/health", $"Host: {host}"),
            await SendAsync(Server.BaseAddress, "POST", "/_sandbox/reset", $"Host: {host}:{Server.BaseAddress.Port}"),
            await SendAsync(
                Server.BaseAddress, "POST", "/api/v1/limits/minutes_left/", $"Host: {host}", $"X-License-Key: {Server.LicenseKey}"),
            await SendAsync(link, "GET", link.PathAndQuery, $"Host: {host}"),
        };

        Assert.That(responses.Select(response => response.Status), Has.All.EqualTo(421));
        Assert.That(responses.Select(response => response.Body), Has.All.Not.Contain(Server.LicenseKey));
        Assert.That(Server.Requests, Is.Not.Empty, "nothing was reset");
    }

    [TestCase("localhost")]
    [TestCase("LOCALHOST")]
    [TestCase("api.localhost")]
    [TestCase("127.0.0.1")]
    [TestCase("127.8.9.10")]
    [TestCase("[::1]")]
    [TestCase("sandbox")]
    [TestCase("my-machine.example")]
    public async Task A_request_to_a_known_host_is_answered_everywhere_with_links_to_that_host(string host)
    {
        var task = await Client.SplitIdAsync(await Client.UploadIdAsync(SandboxSong.Create(TimeSpan.FromSeconds(0.1))));
        var body = new JObject { ["task_ids"] = new JArray(task) }.ToString();
        var check = await SendAsync(
            Server.BaseAddress,
            "POST",
            "/api/v1/check/",
            $"Host: {host}:1234",
            $"X-License-Key: {Server.LicenseKey}",
            "Content-Type: application/json",
            "",
            body);
        var link = (string)JObject.Parse(check.Body)["result"]![task]!["result"]!["tracks"]![0]!["url"]!;
        var own = new Uri(link);
        var download = await SendAsync(new UriBuilder(own) { Host = "127.0.0.1" }.Uri, "GET", own.PathAndQuery, $"Host: {host}:{own.Port}");
        var control = await SendAsync(Server.BaseAddress, "GET", "/_sandbox/clock", $"Host: {host}");

        Assert.That(link, Does.StartWith($"http://{host}:").IgnoreCase);
        Assert.That((check.Status, download.Status, control.Status), Is.EqualTo((200, 200, 200)));
    }

    [Test]
    public async Task A_request_without_a_host_is_rejected()
    {
        var response = await SendRawAsync(Server.BaseAddress, "GET /_sandbox/health HTTP/1.0", []);

        Assert.That(response.Status, Is.EqualTo(421));
    }

    [TestCase("http://evil.example")]
    [TestCase("https://localhost.evil.example")]
    [TestCase("null")]
    [TestCase("nonsense")]
    public async Task A_request_from_a_page_of_another_site_is_rejected_everywhere(string origin)
    {
        var link = new Uri(await GetLinkAsync());
        var responses = new[]
        {
            await SendAsync(Server.BaseAddress, "GET", "/_sandbox/health", "Host: localhost", $"Origin: {origin}"),
            await SendAsync(Server.BaseAddress, "POST", "/_sandbox/reset", "Host: localhost", $"Origin: {origin}"),
            await SendAsync(Server.BaseAddress, "POST", "/_SANDBOX/reset", "Host: localhost", $"Origin: {origin}"),
            await SendAsync(Server.BaseAddress, "POST", MinutesLeft, "Host: localhost", $"Origin: {origin}", $"X-License-Key: {Server.LicenseKey}"),
            await SendAsync(link, "GET", link.PathAndQuery, "Host: localhost", $"Origin: {origin}"),
        };

        Assert.That(responses.Select(response => response.Status), Has.All.EqualTo(403));
        Assert.That(Server.Requests, Is.Not.Empty, "nothing was reset");
    }

    [TestCase("http://localhost:5000", 403, 200)]
    [TestCase("http://sandbox", 403, 200)]
    [TestCase("http://localhost:7070", 200, 200)]
    public async Task A_control_call_from_a_page_is_answered_only_to_the_sandboxs_own_origin(string origin, int control, int api)
    {
        var reset = await SendAsync(Server.BaseAddress, "POST", "/_sandbox/reset", "Host: localhost:7070", $"Origin: {origin}");
        var limits = await SendAsync(
            Server.BaseAddress, "POST", MinutesLeft, "Host: localhost:7070", $"Origin: {origin}", $"X-License-Key: {Server.LicenseKey}");

        Assert.That((reset.Status, limits.Status), Is.EqualTo((control, api)));
    }

    [Test]
    public async Task A_page_on_another_machine_gets_a_session_for_the_token()
    {
        var address = FindOwnAddress();
        await using var server = await SandboxServer.StartAsync(
            new SandboxOptions { ListenAddress = IPAddress.Any, AllowedHosts = [$"{address}"], ControlToken = "secret" });
        using var http = new HttpClient { BaseAddress = new UriBuilder(server.BaseAddress) { Host = $"{address}" }.Uri };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/_sandbox/") { Headers = { Accept = { new("text/html") } } };
        using var start = new HttpRequestMessage(HttpMethod.Post, "/_sandbox/session") { Headers = { { TokenHeader, "secret" } } };

        using var shown = await http.SendAsync(page);
        using var before = await http.GetAsync("/_sandbox/events", HttpCompletionOption.ResponseHeadersRead);
        using var refused = await http.PostAsync("/_sandbox/session", null);
        using var session = await http.SendAsync(start);
        using var after = await http.GetAsync("/_sandbox/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.That((shown.StatusCode, before.StatusCode, refused.StatusCode, after.StatusCode), Is.EqualTo(
            (HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK)));
        Assert.That(session.Headers.GetValues("Set-Cookie").Single(), Is.EqualTo($"sandbox-token-{server.BaseAddress.Port}=secret; path=/_sandbox; samesite=strict; httponly"));
    }

    [Test]
    public async Task A_control_call_from_another_machine_needs_the_token()
    {
        var address = FindOwnAddress();
        await using var server = await SandboxServer.StartAsync(
            new SandboxOptions { ListenAddress = IPAddress.Any, AllowedHosts = [$"{address}"], ControlToken = "secret" });
        using var http = new HttpClient { BaseAddress = new UriBuilder(server.BaseAddress) { Host = $"{address}" }.Uri };

        using var refused = await http.PostAsync("/_sandbox/reset", null);
        var remote = JObject.Parse(await http.GetStringAsync("/_sandbox/health"));
        http.DefaultRequestHeaders.Add(TokenHeader, "wrong");
        using var wrong = await http.PostAsync("/_sandbox/reset", null);
        http.DefaultRequestHeaders.Remove(TokenHeader);
        http.DefaultRequestHeaders.Add(TokenHeader, "secret");
        using var accepted = await http.PostAsync("/_sandbox/reset", null);
        var local = JObject.Parse(await http.GetStringAsync("/_sandbox/health"));

        Assert.That((refused.StatusCode, wrong.StatusCode, accepted.StatusCode), Is.EqualTo(
            (HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK)));
        Assert.That(((string?)remote["license_key"], (string?)local["license_key"]), Is.EqualTo(((string?)null, server.LicenseKey)));
        Assert.That(server.BaseAddress.Host, Is.EqualTo("127.0.0.1"), "an address that a client can use");
    }

    [Test]
    public async Task ControlToken_is_random_by_default_and_no_part_of_a_link()
    {
        await using var other = await SandboxServer.StartAsync();

        Assert.That(Server.ControlToken, Has.Length.EqualTo(32).And.Not.EqualTo(other.ControlToken));
        Assert.That(await GetLinkAsync(), Does.Not.Contain(Server.ControlToken));
    }

    [Test]
    public async Task LinksPort_is_the_port_of_the_links()
    {
        var (server, port) = await ClosedPort.StartOnFreePortAsync(StartAsync);
        await using var disposal = server;
        using var client = new ApiClient(server);

        Assert.That(new Uri(await GetLinkAsync(client)).Port, Is.EqualTo(port));

        static async Task<SandboxServer?> StartAsync(int port)
        {
            try
            {
                return await SandboxServer.StartAsync(new SandboxOptions { LinksPort = port, Speed = double.PositiveInfinity });
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static async Task<string> GetLinkAsync(ApiClient client) =>
        (await client.GetLinksAsync(
            await client.SplitIdAsync(await client.UploadIdAsync(SandboxSong.Create(TimeSpan.FromSeconds(0.1))))))["vocals"];

    /// <summary>Sends a request with exactly these headers. A header of "" begins the body.</summary>
    private static Task<(int Status, string Body)> SendAsync(Uri server, string method, string path, params string[] headers) =>
        SendRawAsync(server, $"{method} {path} HTTP/1.1", headers);

    private static async Task<(int Status, string Body)> SendRawAsync(Uri server, string requestLine, string[] headers)
    {
        var body = headers.SkipWhile(header => header.Length > 0).Skip(1).SingleOrDefault("");
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port);
        var stream = tcp.GetStream();
        string[] lines =
        [
            requestLine,
            .. headers.TakeWhile(header => header.Length > 0),
            "Connection: close",
            $"Content-Length: {Encoding.UTF8.GetByteCount(body)}",
            "",
            body,
        ];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        var response = await new StreamReader(stream).ReadToEndAsync();
        return (int.Parse(response.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), response[response.IndexOf(
            "\r\n\r\n", StringComparison.Ordinal)..].Trim());
    }

    private Task<string> GetLinkAsync() => GetLinkAsync(Client);

    private static IPAddress FindOwnAddress()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assume.That(address, Is.Not.Null, "The machine has no address but loopback.");
        return address!;
    }
}
