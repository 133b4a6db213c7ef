using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>Content security, accessibility, and a page with much data.</summary>
internal sealed class PolicyTests : PageFixture
{
    [TestCase(400, ColorScheme.Light)]
    [TestCase(400, ColorScheme.Dark)]
    [TestCase(1600, ColorScheme.Light)]
    [TestCase(1600, ColorScheme.Dark)]
    public async Task Every_view_is_accessible(int width, ColorScheme colors)
    {
        var task = await SplitAsync("song.wav", TimeSpan.FromSeconds(2));
        await Server.SeedAsync(new SandboxSeed { Sources = ["fail-lost.wav"], RunningTasks = 5, RunningTime = TimeSpan.FromHours(1) });
        Server.Faults.Add("status=503;on=check, reset;times=3");
        using var check = await Http.PostAsync("/api/v1/check/", null);
        await OpenBrowserAsync(width, colors);
        var violations = new List<string>();
        foreach (var view in new[] { "#/tasks", $"#/tasks/{task}", "#/requests", "#/requests/1", "#/requests/3", "#/controls" })
        {
            await GoToAsync(view);
            await Expect(Page.Locator("#count-tasks")).ToHaveTextAsync("6");
            violations.AddRange(await FindViolationsAsync(view));
        }

        await Page.EvaluateAsync("() => { const t = new DataTransfer(); t.items.add(new File(['x'], 'a.wav')); document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: t, bubbles: true })); }");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        violations.AddRange(await FindViolationsAsync("dialog"));

        Assert.That(violations, Is.Empty);
    }

    [TestCase(400)]
    [TestCase(1000)]
    public async Task Page_is_no_wider_than_the_window(int width)
    {
        var task = await SplitAsync($"{new string('w', 120)}.wav", TimeSpan.FromSeconds(1));
        await OpenBrowserAsync(width, ColorScheme.Light);
        foreach (var view in new[] { "#/tasks", $"#/tasks/{task}", "#/requests/1", "#/controls" })
        {
            await GoToAsync(view);
            await Expect(Page.Locator("#count-tasks")).ToHaveTextAsync("1");
            Assert.That(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), view);
        }
    }

    [Test]
    public async Task Page_blocks_inline_scripts_and_foreign_images()
    {
        await GoToAsync();
        var refusal = await Page.EvaluateAsync<string>(
            """
            () => {
              document.body.append(Object.assign(new Image(), { src: "http://127.0.0.1:1/spy.png" }));
              try {
                document.body.setAttribute("onclick", "alert(1)");
                return "none";
              } catch (error) {
                return error.name;
              }
            }
            """);
        await TestLimit.UntilAsync(() => Problems.Any(problem => problem.StartsWith("img-src", StringComparison.Ordinal)));

        Assert.That(refusal, Is.EqualTo("TypeError"));
        TakeProblems();
    }

    [Test]
    public async Task Page_holds_two_thousand_tasks_and_ten_thousand_requests()
    {
        await Server.SeedAsync(new SandboxSeed { Sources = ["a.wav", "b.wav"], RunningTasks = 1000, RunningTime = TimeSpan.FromHours(1) });
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
        {
            using var answer = await Http.PostAsync("/api/v1/limits/minutes_left/", null, cancellationToken);
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await GoToAsync("#/requests");
        await Expect(Page.Locator("#count-requests")).ToHaveTextAsync("10,000");
        await Page.Locator(".requests .cover").First.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "curl" })).ToBeVisibleAsync();
        var usable = clock.Elapsed;
        var session = await Page.Context.NewCDPSessionAsync(Page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        await session.SendAsync("Performance.enable");
        var metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        var rows = await Page.GetByRole(AriaRole.Row).CountAsync();
        await TestContext.Out.WriteLineAsync(
            $"usable after {usable.TotalSeconds:0.00} s, heap {metrics["JSHeapUsedSize"] / 1e6:0.0} MB, {metrics["Nodes"]} nodes, {rows} rows{await DescribeProcessesAsync()}");

        Assert.That(metrics["JSHeapUsedSize"], Is.LessThan(300e6));
        Assert.That(rows, Is.LessThan(100));
    }

    private static async Task<string> DescribeProcessesAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "";
        }

        var session = await Chromium.Browser.NewBrowserCDPSessionAsync();
        var processes = (await session.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo").EnumerateArray()
            .Where(process => process.GetProperty("type").GetString() == "renderer")
            .Select(process => File.ReadLines($"/proc/{process.GetProperty("id").GetInt32()}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)));
        return $", renderers: {string.Join("; ", processes)}";
    }

    private async Task<IEnumerable<string>> FindViolationsAsync(string view)
    {
        var result = await Page.RunAxe(new AxeRunOptions());
        return result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{view}: {violation.Id}: {node.Html}"));
    }
}
