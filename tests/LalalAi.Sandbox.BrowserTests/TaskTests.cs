using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>Tasks and their tracks.</summary>
internal sealed class TaskTests : PageFixture
{
    private const string HostileName = "<img src=x onerror=\"document.title='run'\">.wav";

    [Test]
    public async Task A_dropped_file_is_uploaded_and_split()
    {
        await GoToAsync();
        await DropAsync("dropped song.wav", SandboxSong.Create(TimeSpan.FromSeconds(20)));
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Stem", Exact = true }).SelectOptionAsync("drum");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload and start" }).ClickAsync();

        var task = Page.GetByRole(AriaRole.Region, new() { Name = "Task", Exact = true });
        var progress = task.GetByRole(AriaRole.Progressbar);
        await Expect(task.GetByRole(AriaRole.Heading)).ToHaveTextAsync("dropped song.wav");
        await Expect(progress).ToHaveAttributeAsync("aria-valuenow", "0");
        Server.Advance(TimeSpan.FromSeconds(3));
        await Expect(progress).ToHaveAttributeAsync("aria-valuenow", "50");
        Server.Advance(TimeSpan.FromSeconds(1));
        await Expect(task.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Expect(task.GetByRole(AriaRole.Link, new() { Name = "Download drum" })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Each_track_has_its_own_waveform()
    {
        await OpenTaskAsync(TimeSpan.FromSeconds(3));
        var drawn = new List<string>();
        foreach (var track in new[] { "Source", "vocals", "no vocals" })
        {
            drawn.Add(await Page.GetByRole(AriaRole.Img, new() { Name = $"Waveform of {track}", Exact = true }).EvaluateAsync<string>(
                """
                canvas => {
                  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                  return Array.from({ length: canvas.width }, (_, x) => {
                    let height = 0;
                    for (let y = 0; y < canvas.height; y++) height += data[4 * (y * canvas.width + x) + 3] > 0;
                    return height;
                  }).join();
                }
                """));
        }

        Assert.That(drawn, Is.Unique);
        Assert.That(drawn.Select(heights => heights.Split(',').Average(int.Parse)), Has.All.GreaterThan(3));
    }

    [Test]
    public async Task Solo_leaves_only_one_track_to_be_heard()
    {
        await OpenTaskAsync(TimeSpan.FromMinutes(2));
        var (source, vocals, rest) = (Level("Source"), Level("vocals"), Level("no vocals"));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await IsHeardAsync(vocals);
        await IsHeardAsync(rest);
        await IsSilentAsync(source);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Solo vocals", Exact = true }).ClickAsync();
        await IsSilentAsync(rest);
        await IsHeardAsync(vocals);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Solo vocals", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Mute vocals", Exact = true }).ClickAsync();
        await IsSilentAsync(vocals);
        await IsHeardAsync(rest);
    }

    [Test]
    public async Task All_tracks_share_one_position()
    {
        await OpenTaskAsync(TimeSpan.FromMinutes(2));
        await Page.GetByLabel("Position").FillAsync("60");
        await Expect(Page.Locator(".transport .time").First).ToHaveTextAsync("1:00");
        var positions = await Page.Locator(".cursor").EvaluateAllAsync<string[]>("cursors => cursors.map(cursor => cursor.style.left)");

        Assert.That(positions, Is.EqualTo(new[] { "50%", "50%", "50%" }));
    }

    [Test]
    public async Task A_name_with_markup_is_shown_as_text()
    {
        var task = await SplitAsync(HostileName, TimeSpan.FromSeconds(1));
        await GoToAsync($"#/tasks/{task}");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(HostileName);
        await Expect(Page.GetByRole(AriaRole.Cell, new() { Name = HostileName })).ToBeVisibleAsync();
        await GoToAsync("#/requests/1");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Headers" })).ToBeVisibleAsync();

        Assert.That(await Page.Locator("img").CountAsync(), Is.EqualTo(1), "only the logo");
        Assert.That(await Page.TitleAsync(), Is.EqualTo("LALAL.AI sandbox"));
    }

    [Test]
    public async Task Views_show_that_they_load_until_the_first_data_arrives()
    {
        await Page.RouteAsync("**/_sandbox/events", _ => { });
        foreach (var (view, count) in new[] { ("#/tasks", 1), ("#/requests", 1), ($"#/tasks/{Guid.NewGuid()}", 2), ("#/requests/1", 2) })
        {
            await Page.GotoAsync($"{Server.DashboardAddress}{view}");
            await Expect(Page.GetByText("Loading…").Filter(new() { Visible = true })).ToHaveCountAsync(count);
            await Expect(Page.GetByText("No tasks here yet.")).ToBeHiddenAsync();
            await Page.GotoAsync("about:blank");
        }

        await Page.UnrouteAllAsync();
        await GoToAsync();
        await Expect(Page.GetByText("No tasks here yet.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Loading…").Filter(new() { Visible = true })).ToHaveCountAsync(0);
    }

    [Test]
    public async Task The_list_can_be_used_with_the_keyboard()
    {
        await Server.SeedAsync(new SandboxSeed { Sources = ["a.wav", "b.wav", "c.wav"], RunningTasks = 20, RunningTime = TimeSpan.FromHours(1) });
        await GoToAsync();
        var links = Page.GetByRole(AriaRole.Table, new() { Name = "Tasks" }).GetByRole(AriaRole.Link);
        await links.First.FocusAsync();
        await Page.Keyboard.PressAsync("End");
        await Expect(Page.Locator(".row:has(:focus)")).ToHaveAttributeAsync("aria-rowindex", "61");
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Page.Locator(".row:has(:focus)")).ToHaveAttributeAsync("aria-rowindex", "60");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.Locator(".row.selected")).ToHaveAttributeAsync("aria-rowindex", "60");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToBeVisibleAsync();
    }

    private ILocator Level(string track) => Page.GetByRole(AriaRole.Meter, new() { Name = $"Level of {track}", Exact = true });

    private static Task IsHeardAsync(ILocator meter) => Expect(meter).ToHaveAttributeAsync("aria-valuenow", new System.Text.RegularExpressions.Regex("^[1-9]"));

    private static Task IsSilentAsync(ILocator meter) => Expect(meter).ToHaveAttributeAsync("aria-valuenow", "0");

    private async Task OpenTaskAsync(TimeSpan duration)
    {
        await GoToAsync($"#/tasks/{await SplitAsync("song.wav", duration)}");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true })).ToBeEnabledAsync();
    }

    private async Task DropAsync(string name, byte[] content)
    {
        var transfer = await Page.EvaluateHandleAsync(
            """
            ([name, content]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(content), character => character.charCodeAt(0))], name));
              return transfer;
            }
            """,
            new[] { name, Convert.ToBase64String(content) });
        await Page.DispatchEventAsync("main", "dragover", new { dataTransfer = transfer });
        await Page.DispatchEventAsync("main", "drop", new { dataTransfer = transfer });
    }
}
