using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The sandbox as a separate process.</summary>
[Category("Slow")]
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
