using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

internal sealed class BatchTests : SandboxFixture
{
    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { MinutesPerLicense = 2 };

    [TestCase("stem_separator", """{ "stem": "vocals" }""")]
    [TestCase("demuser", """{ "stem": "music" }""")]
    [TestCase("voice_clean", """{ "stem": "voice" }""")]
    public async Task Items_start_or_fail_on_their_own_and_in_order(string kind, string presets)
    {
        var source = await Client.UploadSecondsAsync(60);
        var unknown = Guid.NewGuid().ToString();
        var items = new[] { source, unknown, source, source }.Select(id => new JObject { ["source_id"] = id, ["presets"] = JObject.Parse(presets) });
        var response = await Client.PostAsync($"split/batch/{kind}/", new JObject { ["items"] = new JArray(items) });

        Assert.That(response.Code, Is.EqualTo(200));
        var results = response.Body["results"]!;
        Assert.That(results.Select(result => (string?)result["status"]), Is.EqualTo(new[] { "success", "error", "success", "error" }));
        Assert.That(results.Select(result => (string?)result["source_id"]), Is.EqualTo(new[] { source, unknown, source, source }));
        Assert.That(results.Select(result => (string?)result["code"]), Is.EqualTo(new[] { null, "internal_error", null, "exceeded_duration" }));
        Assert.That((string?)(await Client.CheckAsync((string)results[2]!["task_id"]!))["presets"]!["label"], Is.EqualTo(kind));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.Zero);
    }

    [Test]
    public async Task Presets_that_cannot_be_combined_fail_the_whole_batch_before_anything_starts()
    {
        var source = await Client.UploadSecondsAsync(60);
        var response = await Client.PostAsync("split/batch/stem_separator/", JObject.FromObject(new
        {
            items = new object[]
            {
                new { source_id = source, presets = new { stem = "vocals" } },
                new { source_id = source, presets = new { stem = "wind", splitter = "lynx" } },
            },
        }));

        Assert.That(response.Code, Is.EqualTo(400));
        Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plan_without_batches_fails_every_item()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { BatchAllowed = false });
        using var client = new ApiClient(server);
        var item = new JObject { ["source_id"] = await client.UploadSecondsAsync(60), ["presets"] = new JObject { ["stem"] = "music" } };
        var response = await client.PostAsync("split/batch/demuser/", new JObject { ["items"] = new JArray(item, item) });

        Assert.That(response.Body["results"]!.Select(result => (string?)result["code"]), Is.EqualTo(new[] { "batch_not_avaliable", "batch_not_avaliable" }));
        Assert.That(await client.GetMinutesLeftAsync(), Is.EqualTo(600));
    }
}
