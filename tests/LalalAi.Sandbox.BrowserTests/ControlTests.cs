using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LalalAi.Sandbox.BrowserTests;

/// <summary>Faults, the clock, minutes, seeds and the reset.</summary>
internal sealed class ControlTests : PageFixture
{
    [Test]
    public async Task Fault_from_the_form_applies()
    {
        await GoToAsync("#/controls");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Fault", Exact = true }).SelectOptionAsync("html");
        await Page.GetByLabel("Status code").FillAsync("504");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Operation" }).SelectOptionAsync("limits.minutes_left");
        await Page.GetByLabel("Times").FillAsync("2");
        await Expect(Page.GetByLabel("As text, for headers")).ToHaveValueAsync("html=504;on=limits.minutes_left;times=2");
        await Expect(Page.Locator(".snippet code"))
            .ToHaveTextAsync("sandbox.Faults.Add(Fault.Html(504), on: SandboxOperation.MinutesLeft, times: 2);");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add fault" }).ClickAsync();
        var row = Page.GetByRole(AriaRole.Row, new() { Name = "html=504" });
        await Expect(row.GetByRole(AriaRole.Cell)).ToHaveTextAsync(["html=504;on=limits.minutes_left;times=2", "0", "2"]);

        using var response = await Http.PostAsync("/api/v1/limits/minutes_left/", null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        await Expect(row.GetByRole(AriaRole.Cell)).ToHaveTextAsync(["html=504;on=limits.minutes_left;times=2", "1", "1"]);
    }

    [Test]
    public async Task A_fault_that_cannot_be_read_is_explained()
    {
        await GoToAsync("#/controls");
        await Page.GetByLabel("As text, for headers").FillAsync("explode");

        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("there is no fault 'explode'");
    }

    [Test]
    public async Task The_clock_moves()
    {
        await GoToAsync("#/controls");
        await Page.GetByRole(AriaRole.Button, new() { Name = "+ 1 hour" }).ClickAsync();
        await Expect(Page.Locator("#clock")).ToHaveTextAsync("20 Oct, 13:00:00 UTC");
        await Page.GetByLabel("Time to advance by").FillAsync("90s");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Advance" }).ClickAsync();

        await Expect(Page.Locator("#clock")).ToHaveTextAsync("20 Oct, 13:01:30 UTC");
    }

    [Test]
    public async Task Minutes_are_set_and_a_reset_restores_them()
    {
        await GoToAsync("#/controls");
        await Page.GetByLabel("Minutes left").FillAsync("2.5");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Set minutes" }).ClickAsync();
        await Expect(Page.Locator("#minutes")).ToHaveTextAsync("2.5");
        Assert.That((double)(await PostAsync("/api/v1/limits/minutes_left/", []))["minutes_left"]!, Is.EqualTo(2.5));

        await Page.GetByRole(AriaRole.Button, new() { Name = "Reset…" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Yes, delete everything" }).ClickAsync();
        await Expect(Page.Locator("#count-requests")).ToHaveTextAsync("");
        Assert.That((double)(await PostAsync("/api/v1/limits/minutes_left/", []))["minutes_left"]!, Is.EqualTo(600));
    }

    [Test]
    public async Task A_seed_creates_running_tasks()
    {
        await GoToAsync("#/controls");
        await Page.GetByLabel("Running tasks").FillAsync("7");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Seed" }).ClickAsync();

        await Expect(Page.Locator("#count-tasks")).ToHaveTextAsync("7");
    }
}
