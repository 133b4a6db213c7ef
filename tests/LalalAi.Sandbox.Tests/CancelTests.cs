using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class CancelTests : SandboxFixture
{
    [Test]
    public async Task Each_ID_is_canceled_or_has_a_reason()
    {
        var source = await Client.UploadSecondsAsync(10);
        var done = await Client.SplitIdAsync(source);
        FinishTasks();
        var queued = await Client.SplitIdAsync(source);
        var unknown = Guid.NewGuid().ToString();

        Assert.That(await CancelAsync(done, queued, unknown), Is.EqualTo(new (string, string?)[]
        {
            ("server_error", "Task is not in progress state"), ("success", null), ("server_error", "Failed to extract information about task"),
        }));
        Assert.That(await CancelAsync(queued), Is.EqualTo(new[] { ("server_error", "Task is not in progress state") }));
    }

    [Test]
    public async Task Canceled_task_is_reported_and_gives_no_minutes_back()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(60));
        Clock.Advance(TimeSpan.FromSeconds(3));
        await CancelAsync(task);
        FinishTasks();

        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("cancelled"));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(599));
    }

    [Test]
    public async Task Cancel_all_returns_the_tasks_that_were_running()
    {
        var source = await Client.UploadSecondsAsync(60);
        await Client.SplitIdAsync(source);
        FinishTasks();
        var running = new[] { await Client.SplitIdAsync(source), await Client.SplitIdAsync(source) };

        var response = await Client.PostAsync("cancel/all/");
        Assert.That(((JObject)response.Body["result"]!).Properties().Select(property => property.Name), Is.EquivalentTo(running));
        Assert.That((await Client.PostAsync("cancel/all/")).Body["result"], Is.Empty);
    }

    private async Task<(string Status, string? Error)[]> CancelAsync(params string[] ids)
    {
        var response = await Client.PostAsync("cancel/", new JObject { ["task_ids"] = new JArray(ids) });
        return [.. ids.Select(id => response.Body["result"]![id]!).Select(result => ((string)result["status"]!, (string?)result["error"]))];
    }
}
