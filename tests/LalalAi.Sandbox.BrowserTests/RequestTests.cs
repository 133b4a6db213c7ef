using Microsoft.Playwright;
using Newtonsoft.Json.Linq;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>The log of requests and the usage report.</summary>
internal sealed class RequestTests : PageFixture
{
    private ILocator Rows => Page.Locator(".requests .row");

    [Test]
    public async Task A_request_appears_with_its_JSON()
    {
        await GoToAsync("#/requests");
        var task = $"{Guid.NewGuid()}";
        await PostAsync("/api/v1/check/", new JObject { ["task_ids"] = new JArray(task) });
        await Rows.Filter(new() { HasText = "check" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Request", Exact = true })).ToContainTextAsync(task);
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Response", Exact = true })).ToContainTextAsync("server_error");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "curl", Exact = true })).ToContainTextAsync("curl -X POST");
    }

    [Test]
    public async Task Requests_are_filtered_by_operation_and_status()
    {
        Server.Faults.Add("status=503;on=limits.minutes_left");
        using var failed = await Http.PostAsync("/api/v1/limits/minutes_left/", null);
        using var answered = await Http.PostAsync("/api/v1/limits/minutes_left/", null);
        using var packs = await Http.PostAsync("/api/v1/voice_packs/list/", null);
        await GoToAsync("#/requests");
        await Expect(Rows).ToHaveCountAsync(3);
        await Page.GetByLabel("Operation").SelectOptionAsync("limits.minutes_left");
        await Expect(Rows).ToHaveCountAsync(2);
        await Page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("With a fault");

        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Rows).ToContainTextAsync("status=503;on=limits.minutes_left");
    }

    [TestCase(1000)]
    [TestCase(1280)]
    public async Task No_column_of_the_list_is_cut(int width)
    {
        Server.Faults.Add("status=503;on=split.stem_separator");
        var source = await UploadAsync("song.wav", SandboxSong.Create(TimeSpan.FromSeconds(1)));
        using var start = new StringContent(
            new JObject { ["source_id"] = source, ["presets"] = new JObject { ["stem"] = "vocals" }, ["idempotency_key"] = $"{Guid.NewGuid()}" }.ToString(),
            System.Text.Encoding.UTF8,
            "application/json");
        using var failed = await Http.PostAsync("/api/v1/split/stem_separator/", start);
        await OpenBrowserAsync(width, ColorScheme.Light);
        await GoToAsync("#/requests");
        await Expect(Rows).ToHaveCountAsync(2);

        var cut = await Page.Locator(".requests .head > *, .requests .row > *").EvaluateAllAsync<string[]>(
            "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)");

        Assert.That(cut, Is.Empty);
    }

    [Test]
    public async Task The_usage_report_names_what_was_wasted()
    {
        var song = SandboxSong.Create(TimeSpan.FromSeconds(1));
        await UploadAsync("twice.wav", song);
        await UploadAsync("twice.wav", song);
        await PostAsync("/api/v1/check/", new JObject { ["task_ids"] = new JArray($"{Guid.NewGuid()}") });
        await GoToAsync("#/requests");

        await Expect(Page.Locator(".problems")).ToContainTextAsync("1 upload with the content of a source that was still there");
        await Expect(Page.Locator(".problems")).ToContainTextAsync("2 sources never deleted: twice.wav, twice.wav");
        await Expect(Page.Locator(".chart svg")).ToHaveAttributeAsync("aria-label", "Checks per minute over 15 minutes: at most 1, limit none");
    }
}
