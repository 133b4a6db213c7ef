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
    public async Task Lists_render_visible_rows_only()
    {
        await Server.SeedAsync(new SandboxSeed { Sources = ["a.wav", "b.wav"], RunningTasks = 1000, RunningTime = TimeSpan.FromHours(1) });
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
        {
            using var response = await Http.PostAsync("/api/v1/limits/minutes_left/", null, cancellationToken);
        });
        foreach (var (view, rows) in new[] { ("Tasks", 2000), ("Requests", 10_000) })
        {
            await GoToAsync($"#/{view.ToLowerInvariant()}");
            var table = Page.GetByRole(AriaRole.Table, new() { Name = view });
            await Expect(table).ToHaveAttributeAsync("aria-rowcount", $"{rows + 1}");
            await table.Locator(".cover").First.FocusAsync();
            await Page.Keyboard.PressAsync("End");
            await Expect(Page.Locator(".row:has(:focus)")).ToHaveAttributeAsync("aria-rowindex", $"{rows + 1}");

            Assert.That(await table.GetByRole(AriaRole.Row).CountAsync(), Is.InRange(10, 100), view);
        }
    }

    private async Task<IEnumerable<string>> FindViolationsAsync(string view)
    {
        var result = await Page.RunAxe(new AxeRunOptions());
        return result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{view}: {violation.Id}: {node.Html}"));
    }
}
