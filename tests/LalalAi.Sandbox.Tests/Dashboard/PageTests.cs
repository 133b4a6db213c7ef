using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Dashboard;

/// <summary>Access to the page, and its content security policy.</summary>
internal sealed partial class PageTests : SandboxFixture
{
    private static readonly string[] Names =
        [.. typeof(SandboxServer).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("page/", StringComparison.Ordinal)).Select(name => name[5..])];

    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [TestCase("*/*", "application/json")]
    [TestCase("application/json", "application/json")]
    [TestCase("", "application/json")]
    public async Task Page_is_sent_only_if_HTML_is_requested(string accept, string type)
    {
        using var response = await GetAsync("", accept);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
    }

    [TestCase("text/html", "/_sandbox/", HttpStatusCode.OK)]
    [TestCase("*/*", "/", HttpStatusCode.NotFound)]
    public async Task Root_redirects_a_browser_to_the_page(string accept, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo(path));
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_file_of_the_page_loads_only_from_the_sandbox(string name)
    {
        using var response = await GetAsync(name, "*/*");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(policy, Does.StartWith("default-src 'none'; script-src 'self'").And.Not.Contain("unsafe"));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(response.Headers.GetValues("Cross-Origin-Resource-Policy").Single(), Is.EqualTo("same-origin"));
        Assert.That(ExternalAddress().Matches(await response.Content.ReadAsStringAsync()).Select(match => match.Value), Is.Empty);
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_file_of_the_page_never_reads_text_as_markup(string name)
    {
        var text = await Http.GetStringAsync($"/_sandbox/{name}");

        Assert.That(Markup().Matches(text).Select(match => match.Value), Is.Empty);
    }

    [Test]
    public async Task Browser_gets_JSON_without_the_page()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { Dashboard = false });
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/_sandbox/") { Headers = { Accept = { new("text/html") } } };
        using var response = await http.SendAsync(page);
        using var events = await http.GetAsync("/_sandbox/events");

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        Assert.That(events.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("events")]
    [TestCase("requests/1")]
    [TestCase("faults/code?faults=reset")]
    public async Task A_page_of_another_origin_gets_nothing(string path)
    {
        await Client.GetMinutesLeftAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_sandbox/" + path) { Headers = { { "Origin", "http://localhost:1" } } };
        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task DashboardAddress_is_the_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.DashboardAddress) { Headers = { Accept = { new("text/html") } } };
        using var response = await Http.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("<title>LALAL.AI sandbox"));
    }

    [Test]
    public async Task Request_is_recorded_with_its_bodies_and_headers()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        await Client.CheckAsync(task);
        var upload = await GetJsonAsync("requests/1");
        var check = await GetJsonAsync("requests/3");

        Assert.That((string?)upload["headers"]!["Content-Disposition"], Is.EqualTo("attachment; filename=song.mp3"));
        Assert.That(((int)upload["request"]!["request_size"]!, upload["request_body"]!.Type), Is.EqualTo((16_000, JTokenType.Null)));
        Assert.That((string?)check["request_body"]!["text"], Does.Contain(task));
        Assert.That((string?)JObject.Parse((string)check["response_body"]!["text"]!)["result"]![task]!["status"], Is.EqualTo("progress"));
    }

    [Test]
    public async Task A_request_can_be_copied_as_a_command()
    {
        await Client.UploadAsync(new byte[10], "attachment; filename=\"it's.mp3\"");
        await Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray() });
        var (upload, check) = ((string?)(await GetJsonAsync("requests/1"))["curl"], (string?)(await GetJsonAsync("requests/2"))["curl"]);

        Assert.That(upload, Does.Contain(@"-H 'Content-Disposition: attachment; filename=""it'\''s.mp3""'").And.EndWith("--data-binary @FILE"));
        Assert.That(check, Is.EqualTo($$"""
            curl -X POST '{{Server.BaseAddress}}api/v1/check/' \
              -H 'X-License-Key: {{Server.LicenseKey}}' \
              -H 'Content-Type: application/json; charset=utf-8' \
              --data-raw '{"task_ids":[]}'
            """));
    }

    [Test]
    public async Task Curl_command_repeats_the_fault_of_the_request()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/check/") { Headers = { { "X-Sandbox-Fault", "status=418" } } };
        using var answer = await Http.SendAsync(request);

        Assert.That((string?)(await GetJsonAsync("requests/1"))["curl"], Does.Contain("-H 'X-Sandbox-Fault: status=418'"));
    }

    [TestCase("status=503", "sandbox-license-key")]
    [TestCase("html=502", "sandbox-license-key")]
    [TestCase(null, "another key")]
    public async Task Request_that_is_answered_without_its_body_has_it_in_the_log(string? fault, string key)
    {
        if (fault is not null)
        {
            Server.Faults.Add(fault);
        }

        using var body = new StringContent("""{"task_ids":[]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/check/") { Content = body, Headers = { { "X-License-Key", key } } };
        using var answer = await Http.SendAsync(request);
        var logged = await GetJsonAsync("requests/1");

        Assert.That((int)answer.StatusCode, Is.AnyOf(403, 502, 503));
        Assert.That((string?)logged["request_body"]!["text"], Is.EqualTo("""{"task_ids":[]}"""));
        Assert.That((string?)logged["curl"], Does.EndWith("""--data-raw '{"task_ids":[]}'"""));
    }

    [Test]
    public async Task Bodies_of_old_requests_are_dropped_for_new_ones()
    {
        // One long ID, which is rejected sooner than thousands of short ones.
        var body = new JObject { ["task_ids"] = new JArray(new string('0', 130 * 1024)) }.ToString();
        for (var number = 1; number <= 140; number++)
        {
            using var request = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await PostAsync("cancel/", request);
        }

        var (oldest, latest) = (await GetJsonAsync("requests/1"), await GetJsonAsync("requests/140"));
        Assert.That(oldest["request_body"]!.Type, Is.EqualTo(JTokenType.Null));
        Assert.That((bool)latest["request_body"]!["is_cut"]!, Is.True);
        Assert.That((int)latest["request_body"]!["length"]!, Is.GreaterThan(128 * 1024));
    }

    [TestCase("requests/0")]
    [TestCase("requests/2")]
    [TestCase("requests/x")]
    [TestCase("tasks/5f0c1d1e-2b3a-4c5d-8e6f-7a8b9c0d1e2f")]
    [TestCase("page.html")]
    [TestCase("../lalalai.yml")]
    public async Task File_that_the_page_does_not_have_is_not_found(string path)
    {
        await Client.GetMinutesLeftAsync();
        using var response = await Http.GetAsync("/_sandbox/" + path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/" + path) { Content = content };
        request.Headers.Add("X-License-Key", Server.LicenseKey);
        return Http.SendAsync(request);
    }

    private async Task<JObject> GetJsonAsync(string path) => JObject.Parse(await Http.GetStringAsync("/_sandbox/" + path));

    private Task<HttpResponseMessage> GetAsync(string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/_sandbox/" + path);
        if (accept.Length > 0)
        {
            foreach (var type in accept.Split(','))
            {
                request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
            }
        }

        return Http.SendAsync(request);
    }

    // The namespace of SVG is a name, not an address.
    [GeneratedRegex(@"(https?:)?//(?!www\.w3\.org/2000/svg)[\w.-]+\.\w+/?")]
    private static partial Regex ExternalAddress();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|javascript:| style=| on\w+=""")]
    private static partial Regex Markup();
}
