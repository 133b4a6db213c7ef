using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Faults;

internal sealed class FaultPlanTests : SandboxFixture
{
    [Test]
    public async Task Entries_for_one_operation_apply_one_after_another_and_are_counted()
    {
        Server.Faults.Add("status=500;on=check, status=502;on=check;times=2");
        Server.Faults.Add("status=503;on=upload");
        var responses = new List<int>();
        for (var check = 0; check < 4; check++)
        {
            responses.Add((await CheckAsync()).Code);
        }

        Assert.That(responses, Is.EqualTo(new[] { 500, 502, 502, 200 }));
        Assert.That(Server.Faults.Entries, Is.EqualTo(new[]
        {
            new PlannedFault("status=500;on=check", Applied: 1, Remaining: 0),
            new PlannedFault("status=502;on=check;times=2", Applied: 2, Remaining: 0),
            new PlannedFault("status=503;on=upload", Applied: 0, Remaining: 1),
        }));
    }

    [Test]
    public async Task Requests_can_be_let_through_first()
    {
        Server.Faults.Add("status=500;skip=2;on=check");
        var responses = new[] { await CheckAsync(), await CheckAsync(), await CheckAsync(), await CheckAsync() };

        Assert.That(responses.Select(response => response.Code), Is.EqualTo(new[] { 200, 200, 500, 200 }));
    }

    [Test]
    public async Task A_plan_can_be_cleared()
    {
        Server.Faults.Add("status=500");
        Server.Faults.Clear();

        Assert.That((await CheckAsync()).Code, Is.EqualTo(200));
        Assert.That(Server.Faults.Entries, Is.Empty);
    }

    [TestCase("split/demuser/", 503)]
    [TestCase("split/batch/demuser/", 503)]
    [TestCase("change_voice/", 503)]
    [TestCase("check/", 422)]
    [TestCase("delete/", 422)]
    public async Task A_group_covers_all_starts_and_nothing_else(string path, int status)
    {
        Server.Faults.Add("status=503;on=start");

        Assert.That((await Client.PostAsync(path, new JObject())).Code, Is.EqualTo(status));
    }

    [Test]
    public async Task A_request_that_a_fault_answers_costs_nothing_and_counts_for_no_limit()
    {
        Server.Faults.Add("status=503;on=check;times=30");
        for (var check = 0; check < 60; check++)
        {
            Assert.That((await CheckAsync()).Code, Is.EqualTo(check < 30 ? 503 : 200), $"check {check}");
        }
    }

    [Test]
    public async Task Fault_of_a_check_applies_to_the_first_ID_only()
    {
        var source = await Client.UploadSecondsAsync(1);
        var tasks = new[] { await Client.SplitIdAsync(source), await Client.SplitIdAsync(source), await Client.SplitIdAsync(source) };
        Server.Faults.Add("missing-task");
        var response = await Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(tasks) });

        Assert.That(((JObject)response.Body["result"]!).Properties().Select(property => property.Name), Is.EquivalentTo(tasks[1..]));
    }

    [Test]
    public async Task Fault_in_a_file_name_applies_to_the_tasks_of_that_file_only()
    {
        var good = await Client.SplitIdAsync(await Client.UploadSecondsAsync(1));
        var upload = await Client.UploadAsync(new byte[16_000], "attachment; filename=\"fail-inference_error.mp3\"");
        var bad = await Client.SplitIdAsync((string)upload.Body["id"]!);
        FinishTasks();

        Assert.That((string?)(await Client.CheckAsync(good))["status"], Is.EqualTo("success"));
        Assert.That((string?)(await Client.CheckAsync(bad))["error"]!["code"], Is.EqualTo("inference_error"));
    }

    [Test]
    public async Task Fault_of_a_file_fails_only_its_item_of_a_batch()
    {
        var good = await Client.UploadSecondsAsync(1);
        var upload = await Client.UploadAsync(new byte[16_000], "attachment; filename=\"fail-x.mp3\"");
        var items = new[] { good, (string)upload.Body["id"]! }.Select(id => new JObject { ["source_id"] = id, ["presets"] = new JObject { ["stem"] = "music" } });
        var batch = await Client.PostAsync("split/batch/demuser/", new JObject { ["items"] = new JArray(items) });
        FinishTasks();

        var states = new List<string?>();
        foreach (var result in batch.Body["results"]!)
        {
            states.Add((string?)(await Client.CheckAsync((string)result["task_id"]!))["status"]);
        }

        Assert.That(states, Is.EqualTo(new[] { "success", "error" }));
    }

    [TestCase("sandbox-no-minutes", 400, "exceeded_duration")]
    [TestCase("sandbox-short-songs", 400, "max_duration")]
    [TestCase("sandbox-not-premium", 400, null)]
    [TestCase("sandbox-unavailable", 503, null)]
    [TestCase("sandbox-forbidden", 403, null)]
    [TestCase("sandbox-license-key", 200, null)]
    [TestCase("sandbox-ordinary", 403, null)]
    public async Task A_magic_key_rejects_a_start(string key, int status, string? code)
    {
        using var client = new ApiClient(Server, key);
        var upload = await client.UploadAsync(new byte[32_000], "attachment; filename=song.mp3");
        var start = upload.Code == 200 ? await client.SplitAsync((string)upload.Body["id"]!) : upload;

        Assert.That((start.Code, start.ErrorCode), Is.EqualTo((status, code)));
        if (key != Client.Key)
        {
            Assert.That(await Client.GetMinutesLeftAsync(), Is.EqualTo(600), "another key is not affected");
        }
    }

    [Test]
    public async Task A_magic_key_has_no_batches()
    {
        using var client = new ApiClient(Server, "sandbox-no-batch");
        var item = new JObject { ["source_id"] = await client.UploadSecondsAsync(1), ["presets"] = new JObject { ["stem"] = "music" } };
        var batch = await client.PostAsync("split/batch/demuser/", new JObject { ["items"] = new JArray(item) });

        Assert.That((string?)batch.Body["results"]![0]!["code"], Is.EqualTo("batch_not_avaliable"));
    }

    [Test]
    public async Task A_magic_key_takes_small_files_only()
    {
        using var client = new ApiClient(Server, "sandbox-small-files");

        Assert.That((await client.UploadAsync(new byte[1001])).ErrorCode, Is.EqualTo("exceeded_size"));
    }

    [Test]
    public async Task A_magic_key_is_always_over_the_limit_of_checks()
    {
        using var client = new ApiClient(Server, "sandbox-rate-limited");

        Assert.That((await client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(Guid.NewGuid().ToString()) })).Code, Is.EqualTo(429));
    }

    [TestCase("", "there is no fault ''")]
    [TestCase("explode", "there is no fault 'explode'; the faults are status, html, delay")]
    [TestCase("status", "'status' takes a status code from 300 to 599")]
    [TestCase("status=200", "'status' takes a status code from 300 to 599")]
    [TestCase("html=x", "'html' takes a status code from 300 to 599 or nothing")]
    [TestCase("delay=fast", "'delay' takes a duration such as 500ms, 2s, 5m or 1h")]
    [TestCase("delay=400d", "'delay' takes a duration")]
    [TestCase("delay=99999999999h", "'delay' takes a duration")]
    [TestCase("delay=NaNs", "'delay' takes a duration")]
    [TestCase("delay=-Infinityd", "'delay' takes a duration")]
    [TestCase("reset=-1", "'reset' takes a number of bytes or nothing")]
    [TestCase("missing-task=x", "'missing-task' takes no value")]
    [TestCase("reset;on=nowhere", "there is no operation 'nowhere'; use one of any, start, download, cancel, cancel.all, change_voice")]
    [TestCase("missing-task;on=upload", "'missing-task' does not apply to 'upload'")]
    [TestCase("missing-task+missing-file-name", "'missing-file-name' does not apply to 'check'")]
    [TestCase("missing-task;on=any", "'missing-task' does not apply to 'any'")]
    [TestCase("reset;times=0", "'times' takes a number, 1 or more")]
    [TestCase("reset;often=2", "'often' is not a setting with a value")]
    [TestCase("reset;times=1;times=2", "'times' is not a setting with a value, or occurs twice")]
    [TestCase("reset;on", "'on' is not a setting with a value")]
    public async Task Invalid_plan_is_rejected_with_advice_in_every_form(string plan, string reason)
    {
        Assert.That(() => Server.Faults.Add(plan), Throws.InstanceOf<FormatException>().With.Message.Contains(reason));
        Assert.That(Server.Faults.Entries, Is.Empty);

        using var client = new ApiClient(Server, $"sandbox-fault({plan})");
        var byKey = await client.PostAsync("limits/minutes_left/");
        Assert.That(byKey.Code, Is.EqualTo(400));
        Assert.That(byKey.Detail, Does.Contain(reason));

        Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Sandbox-Fault", plan);
        var byHeader = await Client.PostAsync("limits/minutes_left/");
        Assert.That(byHeader.Code, Is.EqualTo(400));
        Assert.That(byHeader.Detail, Does.Contain(reason));
        Http.DefaultRequestHeaders.Clear();

        var byName = await Client.UploadAsync(new byte[16_000], $"attachment; filename=\"a.fault({plan}).mp3\"");
        Assert.That(byName.Code, Is.EqualTo(400));
        Assert.That(byName.Detail, Does.Contain(reason));
        Assert.That(Server.GetReport().Uploads, Is.Zero);
    }

    [TestCase("live (at home).mp3")]
    [TestCase("default (remix).mp3")]
    [TestCase("fail-safe and more.mp3")]
    [TestCase("failure.mp3")]
    public async Task An_ordinary_file_name_has_no_plan_in_it(string name)
    {
        var upload = await Client.UploadAsync(new byte[16_000], $"attachment; filename=\"{name}\"");
        var task = await Client.SplitIdAsync((string)upload.Body["id"]!);
        FinishTasks();

        Assert.That((string?)(await Client.CheckAsync(task))["status"], Is.EqualTo("success"));
    }

    private Task<Answer> CheckAsync() => Client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(Guid.NewGuid().ToString()) });

    [Test]
    public void Add_rejects_more_entries_than_a_plan_may_have() =>
        Assert.That(() => Server.Faults.Add(string.Join(',', Enumerable.Repeat("reset", 10_001))), Throws.InstanceOf<FormatException>());
}
