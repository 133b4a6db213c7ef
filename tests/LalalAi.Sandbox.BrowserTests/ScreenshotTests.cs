using Microsoft.Playwright;
using Newtonsoft.Json.Linq;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>Takes screenshots of the page with data, for the documentation and for review.</summary>
[Explicit("Takes the pictures for the documentation, and asserts nothing. DocumentationSiteTests and the other tests cover the page.")]
internal sealed class ScreenshotTests : PageFixture
{
    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { ChecksPerMinute = 30 };

    [Test]
    public async Task Pictures_of_every_view([Values(400, 1000, 1280, 1600)] int width, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme colors)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        var task = await UseAsync();
        await OpenBrowserAsync(width, colors);
        foreach (var (name, view) in new[]
        {
            ("task", $"#/tasks/{task}"), ("tasks", "#/tasks"), ("requests", "#/requests"), ("request", "#/requests/6"), ("controls", "#/controls"),
        })
        {
            await GoToAsync(view);
            await Expect(Page.Locator("#count-tasks")).ToHaveTextAsync("9");
            if (name == "task")
            {
                await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true })).ToBeEnabledAsync();
                await Page.GetByLabel("Position").FillAsync("37");
            }

            if (name == "request")
            {
                await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "curl" })).ToBeVisibleAsync();
            }

            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}-{colors.ToString().ToLowerInvariant()}.png") });
        }
    }

    /// <summary>A client that does most things well, and some not.</summary>
    private async Task<string> UseAsync()
    {
        string[] names = ["Autumn rehearsal.wav", "Live at the harbour, take 2.wav", "interview-041.wav", "fail-inference_error.wav"];
        var sources = new List<string>();
        foreach (var name in names)
        {
            sources.Add(await UploadAsync(name, SandboxSong.Create(TimeSpan.FromSeconds(95 - (10 * sources.Count)), sources.Count)));
        }

        await UploadAsync(names[0], SandboxSong.Create(TimeSpan.FromSeconds(95), 0));
        await PostAsync("/api/v1/voice_packs/list/", []);
        await StartAsync("split/stem_separator", sources[1], new JObject { ["stem"] = "drum" });
        await StartAsync("split/voice_clean", sources[2], new JObject { ["stem"] = "voice", ["noise_cancelling_level"] = 1 });
        await StartAsync("split/stem_separator", sources[3], new JObject { ["stem"] = "vocals" });
        var task = await StartAsync("split/multistem", sources[0], new JObject { ["stem_list"] = new JArray("vocals", "drum", "bass") });
        Server.Advance(TimeSpan.FromMinutes(4));
        Server.Faults.Add("status=503;on=check;times=2, lose-response;on=split.stem_separator, reset=100000;on=download;times=3");
        for (var check = 0; check < 24; check++)
        {
            using var content = new StringContent(new JObject { ["task_ids"] = new JArray(task) }.ToString(), System.Text.Encoding.UTF8, "application/json");
            using var answer = await Http.PostAsync("/api/v1/check/", content);
            Server.Advance(TimeSpan.FromSeconds(check % 5));
        }

        await Server.SeedAsync(new SandboxSeed { Sources = ["Evening choir.flac"], RunningTasks = 5, RunningTime = TimeSpan.FromMinutes(2) });
        Server.Advance(TimeSpan.FromSeconds(30));
        return task;
    }

    private async Task<string> StartAsync(string path, string source, JObject presets) => (string)(await PostAsync(
        $"/api/v1/{path}/",
        new JObject { ["source_id"] = source, ["presets"] = presets, ["idempotency_key"] = $"{Guid.NewGuid()}" }))["task_id"]!;
}
