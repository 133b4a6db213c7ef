using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class CheckTests : SandboxFixture
{
    [Test]
    public async Task A_task_is_queued_then_processed_then_done()
    {
        // 2 seconds in the queue, then 100 seconds of audio in 10.
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(100));
        var progress = new List<(string?, int?)>();
        foreach (var seconds in new[] { 0, 1.999, 0.001, 5, 4.999, 0.001 })
        {
            Clock.Advance(TimeSpan.FromSeconds(seconds));
            var state = await Client.CheckAsync(task);
            progress.Add(((string?)state["status"], (int?)state["progress"]));
        }

        Assert.That(progress, Is.EqualTo(new (string?, int?)[]
        {
            ("progress", 0), ("progress", 0), ("progress", 1), ("progress", 50), ("progress", 98), ("success", null),
        }));
    }

    [Test]
    public async Task Several_stems_take_several_times_as_long()
    {
        var start = await Client.StartAsync("split/multistem/", await Client.UploadSecondsAsync(100), new { stem_list = new[] { "bass", "drum" } });
        Clock.Advance(TimeSpan.FromSeconds(21.9));
        Assert.That((string?)(await Client.CheckAsync((string)start.Body["task_id"]!))["status"], Is.EqualTo("progress"));
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That((string?)(await Client.CheckAsync((string)start.Body["task_id"]!))["status"], Is.EqualTo("success"));
    }

    [TestCase(10, 1.2)]
    [TestCase(double.PositiveInfinity, 0)]
    public async Task Speed_shortens_the_wait(double speed, double seconds)
    {
        await using var server = await SandboxServer.StartAsync(DummyContent with { TimeProvider = Clock, Speed = speed });
        using var client = new ApiClient(server);
        var task = await client.SplitIdAsync(await client.UploadSecondsAsync(100));
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That((string?)(await client.CheckAsync(task))["status"], Is.EqualTo("success"));
    }

    [TestCase(1e-300)]
    [TestCase(double.Epsilon)]
    public async Task Speed_close_to_zero_never_ends_a_task(double speed)
    {
        await using var server = await SandboxServer.StartAsync(DummyContent with { TimeProvider = Clock, Speed = speed });
        using var client = new ApiClient(server);
        var task = await client.SplitIdAsync(await client.UploadSecondsAsync(100));
        Clock.Advance(TimeSpan.FromHours(23));

        Assert.That((string?)(await client.CheckAsync(task))["status"], Is.EqualTo("progress"));
    }

    [Test]
    public async Task A_success_names_the_tracks_and_the_source()
    {
        var upload = await Client.UploadAsync(new byte[32_001], "attachment; filename=song.mp3");
        var task = await Client.SplitIdAsync((string)upload.Body["id"]!);
        FinishTasks();
        var state = await Client.CheckAsync(task);

        Assert.That((string?)state["source_id"], Is.EqualTo((string?)upload.Body["id"]));
        Assert.That((int)state["result"]!["duration"]!, Is.EqualTo(3));
        Assert.That(
            state["result"]!["tracks"]!.Select(track => ((string?)track["type"], (string?)track["label"], (string?)track["name"], (long)track["size"]!)),
            Is.EqualTo(new[] { ("stem", "vocals", "song_vocals_split_by_lalalai.mp3", 32_001L), ("back", "no_vocals", "song_no_vocals_split_by_lalalai.mp3", 32_001L) }));
    }

    [Test]
    public async Task Ids_without_a_task_are_server_errors_beside_the_others()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        var unknown = Guid.NewGuid().ToString();
        var answer = await Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(unknown, task.ToUpperInvariant(), unknown) });

        var result = (JObject)answer.Body["result"]!;
        Assert.That(result.Properties().Select(property => property.Name), Is.EquivalentTo(new[] { unknown, task }));
        Assert.That((string?)result[unknown]!["status"], Is.EqualTo("server_error"));
        Assert.That((string?)result[task]!["status"], Is.EqualTo("progress"));
    }

    [Test]
    public async Task A_task_can_be_checked_for_a_day()
    {
        var task = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("success"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("server_error"));
    }

    [TestCase(200, 200)]
    [TestCase(201, 422)]
    public async Task A_check_takes_200_ids(int count, int status)
    {
        var answer = await PostIdsAsync(Client, count);

        Assert.That(answer.Code, Is.EqualTo(status));
        if (status == 422)
        {
            Assert.That(answer.Fault, Is.EqualTo(("body.task_ids", "too_long")));
            Assert.That((string?)answer.Body["detail"]![0]!["msg"], Is.EqualTo("List should have at most 200 items after validation, not 201"));
        }
    }

    [TestCase(null, 1000, 200)]
    [TestCase(2, 3, 422)]
    public async Task The_limit_of_ids_can_be_changed_and_switched_off(int? limit, int count, int status)
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { TaskIdsPerCheck = limit });
        using var client = new ApiClient(server);

        Assert.That((await PostIdsAsync(client, count)).Code, Is.EqualTo(status));
    }

    [Test]
    public async Task Checks_pass_thirty_times_in_any_minute()
    {
        await PostIdsAsync(Client, 1);
        Clock.Advance(TimeSpan.FromSeconds(30));
        for (var check = 2; check <= 30; check++)
        {
            Assert.That((await PostIdsAsync(Client, 1)).Code, Is.EqualTo(200), $"check {check}");
        }

        Assert.That((await PostIdsAsync(Client, 1)).Code, Is.EqualTo(429));
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await PostIdsAsync(Client, 1)).Code, Is.EqualTo(200), "the first check is a minute old");
        Assert.That((await PostIdsAsync(Client, 1)).Code, Is.EqualTo(429), "the others are not");
    }

    [Test]
    public async Task The_rate_limit_is_per_key_and_gives_no_hint()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = Clock, ChecksPerMinute = 1, LicenseKeys = ["one", "other"] });
        using var client = new ApiClient(server);
        using var other = new ApiClient(server, "other");
        await PostIdsAsync(client, 1);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/check/");
        request.Headers.Add("X-License-Key", client.Key);
        using var response = await client.Http.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(429), "even without a body");
        Assert.That(response.Headers.Select(header => header.Key), Is.EquivalentTo(new[] { "Date", "x-request-id" }).IgnoreCase);
        Assert.That((await PostIdsAsync(other, 1)).Code, Is.EqualTo(200));
    }

    [Test]
    public async Task The_rate_limit_can_be_switched_off()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { ChecksPerMinute = null });
        using var client = new ApiClient(server);
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostIdsAsync(client, 1)));

        Assert.That(responses.Select(answer => answer.Code), Has.All.EqualTo(200));
    }

    private static Task<Answer> PostIdsAsync(ApiClient client, int count) =>
        client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(Enumerable.Range(0, count).Select(_ => Guid.NewGuid().ToString())) });
}
