using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Dashboard;

/// <summary>What the page receives, and when.</summary>
internal sealed class EventTests : SandboxFixture
{
    [Test]
    public async Task Events_begin_with_what_there_is()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(60));
        Server.Faults.Add("status=503;on=check");
        await using var events = await EventReader.OpenAsync(Http);

        Assert.That((string?)(await events.NextAsync("hello"))["license_key"], Is.EqualTo(Server.LicenseKey));
        Assert.That((DateTimeOffset)(await events.NextAsync("clock"))["now"]!, Is.EqualTo(Clock.GetUtcNow()));
        var card = (await events.NextAsync("tasks"))["added"]!.Single();
        Assert.That(((string?)card["id"], (string?)card["kind"], (string?)card["source"]!["name"]), Is.EqualTo((task, "stem_separator", "song.mp3")));
        var requests = (await events.NextAsync("requests"))["requests"]!;
        Assert.That(requests.Select(request => (string?)request["operation"]), Is.EqualTo(new[] { "upload", "split.stem_separator" }));
        Assert.That((string?)(await events.NextAsync("faults"))[0]!["text"], Is.EqualTo("status=503;on=check"));
        Assert.That((double)(await events.NextAsync("usage"))["licenses"]![0]!["minutes_left"]!, Is.EqualTo(599));
    }

    [Test]
    public async Task Events_follow_a_task_to_its_end()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(60));
        await using var events = await EventReader.OpenAsync(Http);
        Assert.That(Change(await events.NextAsync("tasks")), Is.EqualTo((task, "queued", 0)));

        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(Change(await events.NextAsync("tasks")), Is.EqualTo((task, "processing", 50)));
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(Change(await events.NextAsync("tasks")), Is.EqualTo((task, "succeeded", 100)));
        Server.Advance(TimeSpan.FromDays(1));
        Assert.That((string?)(await events.NextAsync("tasks"))["removed"]!.Single(), Is.EqualTo(task));
    }

    [Test]
    public async Task Events_have_each_request_with_what_came_of_it()
    {
        await using var events = await EventReader.OpenAsync(Http);
        await events.NextAsync("usage");
        Server.Faults.Add("status=503;on=check");
        await Client.PostAsync("check/", new JObject());
        var requests = await events.NextAsync("requests", data => data["requests"]!.Any(request => request["duration"]!.Type != JTokenType.Null));

        var request = requests["requests"]!.Last!;
        Assert.That(((int)request["status"]!, (string?)request["faults"]![0]), Is.EqualTo((503, "status=503;on=check")));
        Assert.That((int)(await events.NextAsync("faults"))[0]!["remaining"]!, Is.Zero);
    }

    [Test]
    public async Task A_reset_removes_all_requests()
    {
        await Client.GetMinutesLeftAsync();
        await using var events = await EventReader.OpenAsync(Http);
        await events.NextAsync("requests");
        Server.Reset();
        var after = await events.NextAsync("requests", data => (int)data["first"]! > 1);

        Assert.That(after["requests"], Is.Empty);
    }

    [Test]
    public async Task Events_end_when_the_sandbox_stops()
    {
        await using var events = await EventReader.OpenAsync(Http);
        await events.NextAsync("usage");
        var end = events.EndsAsync();
        await Server.DisposeAsync();

        Assert.That(await end, Is.True);
    }

    private static (string?, string?, int) Change(JToken tasks) =>
        tasks["changed"]!.Single() is var task ? ((string?)task["id"], (string?)task["status"], (int)task["progress"]!) : default;
}
