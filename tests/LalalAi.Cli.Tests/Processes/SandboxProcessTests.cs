using System.Net;
using System.Text;
using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The sandbox as a separate process.</summary>
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
[Parallelizable]
public sealed class SandboxProcessTests
{
    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task The_sandbox_serves_a_second_process_until_it_is_asked_to_end(CancellationToken cancellationToken)
    {
        using var sandbox = CliProcess.Start([], "sandbox", "--speed", "100");
        var address = await sandbox.ReadLineAsync(cancellationToken);
        using var client = CliProcess.Start(
            new Dictionary<string, string> { ["LALALAI_BASE_URL"] = address!, ["LALALAI_LICENSE_KEY"] = "sandbox-license-key" }, "minutes");
        var minutes = await client.EndAsync(cancellationToken);
        await sandbox.SignalAsync("TERM", cancellationToken);
        await sandbox.EndAsync(cancellationToken);

        Assert.That(minutes.Trim(), Is.EqualTo("600"));
        Assert.That(sandbox.ExitCode, Is.Zero, "It ended by itself.");
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Links_have_the_port_of_links_port_and_the_host_that_the_client_used(CancellationToken cancellationToken)
    {
        var (sandbox, address, port) = await StartWithLinksPortAsync("--speed", "1000000", "--host", "studio.example");
        using var process = sandbox;
        var options = new LalalAiClientOptions { BaseAddress = address, LicenseKey = "sandbox-license-key" };
        await using var client = new LalalAiClient(options);
        var song = SandboxSong.Create(TimeSpan.FromSeconds(0.1));
        var source = await client.UploadAsync(song, "song.wav", cancellationToken: cancellationToken);
        var task = await client.StartAsync(source.Id, new DemuserPresets(), cancellationToken: cancellationToken);
        await client.WaitAsync(task, cancellationToken: cancellationToken);

        using var http = new HttpClient { BaseAddress = options.BaseAddress };
        foreach (var host in new[] { "127.0.0.1", "localhost", "music.localhost", "studio.example" })
        {
            // As through a forwarded port: the client knows the sandbox by another address.
            using var check = new HttpRequestMessage(HttpMethod.Post, "api/v1/check/")
            {
                Headers = { { "X-License-Key", options.LicenseKey }, { "Host", $"{host}:8080" } },
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

        async Task<(CliProcess Sandbox, Uri Address, int Port)> StartWithLinksPortAsync(params string[] arguments)
        {
            for (var attempt = 1; ; attempt++)
            {
                int port;
                using (var closed = new ClosedPort())
                {
                    port = closed.Address.Port;
                }

                var sandbox = CliProcess.Start([], ["sandbox", "--links-port", $"{port}", .. arguments]);
                if (await sandbox.ReadLineAsync(cancellationToken) is { } line)
                {
                    return (sandbox, new Uri(line), port);
                }

                // Another program was given the port.
                var messages = await sandbox.Messages;
                sandbox.Dispose();
                Assert.That(attempt, Is.LessThan(10), messages);
            }
        }
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "Elsewhere, the system opens the browser.")]
    public async Task Open_shows_the_page_in_the_browser(CancellationToken cancellationToken)
    {
        using var browser = await FakeBrowser.CreateAsync(cancellationToken);
        using var sandbox = CliProcess.Start(browser.Environment, "sandbox", "--open");
        var address = await sandbox.ReadLineAsync(cancellationToken);

        Assert.That(await browser.OpenedAsync(cancellationToken), Is.EqualTo(new Uri($"{address}_sandbox/")));
    }

    [TestCase(false)]
    [TestCase(true, Description = "An earlier demo split the song in another sandbox.")]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "Elsewhere, the system opens the browser.")]
    public async Task Demo_with_open_shows_its_task_in_the_browser_until_it_is_interrupted(bool isRepeated, CancellationToken cancellationToken)
    {
        using var browser = await FakeBrowser.CreateAsync(cancellationToken);
        if (isRepeated)
        {
            var earlier = await CommandRun.StartAsync(["demo", "-o", browser.Folder], cancellationToken);
            Assert.That(earlier.ExitCode, Is.Zero, earlier.Messages);
        }

        using var demo = CliProcess.Start(browser.Environment, "demo", "-o", browser.Folder, "--open");
        using var http = new HttpClient { BaseAddress = await browser.OpenedAsync(cancellationToken) };
        var report = JObject.Parse(await http.GetStringAsync("report", cancellationToken));
        using var page = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Accept", "text/html" } } }, cancellationToken);
        await demo.SignalAsync("INT", cancellationToken);
        await demo.EndAsync(cancellationToken);

        Assert.That((int?)report["starts"], Is.EqualTo(1), "The page has a task to show.");
        Assert.That(page.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"));
        Assert.That(demo.ExitCode, Is.Zero);
    }

    /// <summary>A program in the place of the desktop's browser, which records the page that it opens.</summary>
    private sealed class FakeBrowser : IDisposable
    {
        private string OpenedPath => Path.Combine(Folder, "opened");

        public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

        public Dictionary<string, string> Environment => new() { ["PATH"] = $"{Folder}:{System.Environment.GetEnvironmentVariable("PATH")}" };

        public static async Task<FakeBrowser> CreateAsync(CancellationToken cancellationToken)
        {
            var browser = new FakeBrowser();
            var program = Path.Combine(browser.Folder, "xdg-open");
            var (path, part) = (browser.OpenedPath, browser.OpenedPath + ".part");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\necho \"$1\" > '{part}' && mv '{part}' '{path}'\n", cancellationToken);
            await TestProcess.RunAsync("chmod", "+x", program);
            return browser;
        }

        public async Task<Uri> OpenedAsync(CancellationToken cancellationToken)
        {
            await TestLimit.UntilAsync(() => File.Exists(OpenedPath), cancellationToken);
            return new Uri((await File.ReadAllTextAsync(OpenedPath, cancellationToken)).Trim());
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
