using LalalAi.Sandbox.Contract;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>Requests every response of every path. <see cref="ApiClient"/> validates each one against the contract.</summary>
internal sealed class WalkTests : SandboxFixture
{
    private static readonly (string Path, object Presets)[] Starts =
    [
        ("split/stem_separator/", new { stem = "vocals" }),
        ("split/stem_separator/", new { stem = "vocals", multivocal = "lead_back" }),
        ("split/demuser/", new { stem = "music" }),
        ("split/voice_clean/", new { stem = "voice" }),
        ("split/multistem/", new { stem_list = new[] { "vocals", "drum" } }),
        ("change_voice/", new { voice_pack_id = "NIK_ZEL" }),
    ];

    protected override SandboxOptions CreateOptions() => base.CreateOptions() with { ChecksPerMinute = null };

    [Test]
    public async Task Every_answer_to_a_task_of_every_kind_is_valid()
    {
        foreach (var (path, presets) in Starts)
        {
            var source = await Client.UploadSecondsAsync(10);
            var tasks = new List<string>();
            for (var task = 0; task < 3; task++)
            {
                Server.Faults.Add(task == 1 ? "task-error=inference_error" : "delay=0s;on=start");
                tasks.Add((string)(await Client.StartAsync(path, source, presets)).Body["task_id"]!);
            }

            await CancelAsync(tasks[2]);
            foreach (var (wait, status) in new[] { (0.0, "progress"), (2.5, "progress"), (60, "success") })
            {
                Clock.Advance(TimeSpan.FromSeconds(wait));
                Assert.That((string?)(await Client.CheckAsync(tasks[0]))["status"], Is.EqualTo(status), path);
            }

            Assert.That((string?)(await Client.CheckAsync(tasks[1]))["status"], Is.EqualTo("error"), path);
            Assert.That((string?)(await Client.CheckAsync(tasks[2]))["status"], Is.EqualTo("cancelled"), path);
            Assert.That((string?)(await Client.CheckAsync(Guid.NewGuid().ToString()))["status"], Is.EqualTo("server_error"), path);
            await CancelAsync(tasks[0]);
            Assert.That((await Client.PostAsync("delete/", new JObject { ["source_id"] = source })).Code, Is.EqualTo(200));
            Assert.That((await Client.PostAsync("delete/", new JObject { ["source_id"] = source })).Code, Is.EqualTo(400));
        }
    }

    [Test]
    public async Task Every_answer_to_a_batch_is_valid()
    {
        foreach (var (path, presets) in Starts.Where(start => start.Path is "split/stem_separator/" or "split/demuser/" or "split/voice_clean/"))
        {
            var items = new[] { await Client.UploadSecondsAsync(1), Guid.NewGuid().ToString() }
                .Select(id => new JObject { ["source_id"] = id, ["presets"] = JObject.FromObject(presets) });
            var batch = await Client.PostAsync(path.Replace("split/", "split/batch/", StringComparison.Ordinal), new JObject { ["items"] = new JArray(items) });

            Assert.That(batch.Body["results"]!.Select(result => (string?)result["status"]), Is.EqualTo(new[] { "success", "error" }), path);
        }
    }

    [Test]
    public async Task Every_other_answer_is_valid()
    {
        await Client.SplitIdAsync(await Client.UploadSecondsAsync(10));
        Assert.That((await Client.PostAsync("cancel/all/")).Body["result"], Has.Exactly(1).Items);
        Assert.That((await Client.PostAsync("voice_packs/list/")).Body["packs"], Is.Not.Empty);
        Assert.That(await Client.GetMinutesLeftAsync(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Every_error_of_every_operation_is_valid()
    {
        var contract = await ServiceContract.LoadAsync();
        using var anonymous = new ApiClient(Server) { Key = null };
        foreach (var operation in contract.Operations.Values)
        {
            var path = operation.Path[OperationContract.Root.Length..];
            if ((await anonymous.PostAsync(path)).Code is var code and not 403)
            {
                Assert.That(code, Is.EqualTo(404), "Only an operation that is new in the contract is not served.");
                continue;
            }

            Assert.That((await Client.SendAsync(path, content: null, HttpMethod.Get)).Code, Is.EqualTo(405), path);
            Assert.That((await Client.PostAsync(path.TrimEnd('/'))).Code, Is.EqualTo(404), path);
            if (operation.RequestBody is not null)
            {
                Assert.That((await Client.PostAsync(path, new JObject { ["large"] = new string('x', 5_000_000) })).Code, Is.EqualTo(413), path);
                Assert.That((await Client.PostAsync(path, new JObject())).Code, Is.EqualTo(422), path);
            }

            foreach (var status in new[] { 400, 403, 404, 408, 409, 422, 429, 500, 502, 503 })
            {
                Server.Faults.Add(Fault.Status(status), SandboxOperation.Named(operation.Name));
                Assert.That((await Client.PostAsync(path)).Code, Is.EqualTo(status), path);
            }
        }
    }

    private Task<Answer> CancelAsync(string task) => Client.PostAsync("cancel/", new JObject { ["task_ids"] = new JArray(task) });
}
