using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class RestartTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lalalai-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public async Task Sandbox_resumes_the_state_of_the_last_one_on_its_folder()
    {
        var key = Guid.NewGuid().ToString();
        string source, running, canceled, failing;
        await using (var server = await StartAsync())
        {
            using var client = new ApiClient(server);
            source = await client.UploadIdAsync(WaveFile.Noise(1, 16, seconds: 60).ToBytes());
            running = (string)(await client.SplitAsync(source, key)).Body["task_id"]!;
            canceled = await client.SplitIdAsync(source);
            await client.PostAsync("cancel/", new JObject { ["task_ids"] = new JArray(canceled) });
            server.Faults.Add("task-error=inference_error");
            failing = await client.SplitIdAsync(source);
            await client.PostAsync("delete/", new JObject { ["source_id"] = await client.UploadSecondsAsync(1) });
        }

        await using (var server = await StartAsync())
        {
            using var client = new ApiClient(server);
            Assert.That(await client.GetMinutesLeftAsync(), Is.EqualTo(597));
            Assert.That((string?)(await client.SplitAsync(source, key)).Body["task_id"], Is.EqualTo(running), "the key is known, and the task is queued");
            _clock.Advance(TimeSpan.FromMinutes(1));
            Assert.That((await client.SplitAsync(source, key)).ErrorCode, Is.EqualTo("idempotency_key_used"));
            Assert.That((string?)(await client.CheckAsync(canceled))["status"], Is.EqualTo("cancelled"));
            Assert.That((string?)(await client.CheckAsync(failing))["error"]!["code"], Is.EqualTo("inference_error"));
            var links = await client.GetLinksAsync(running);
            Assert.That(await client.Http.GetByteArrayAsync(links["vocals"]), Is.Not.Empty);
        }
    }

    [Test]
    public async Task A_folder_belongs_to_one_sandbox_at_a_time()
    {
        await using var server = await StartAsync();

        Assert.That(async () => await StartAsync(), Throws.InstanceOf<IOException>().With.Message.Contains("in use by another sandbox"));
    }

    [Test]
    public void State_in_a_file_instead_of_a_folder_is_rejected()
    {
        var file = Path.Combine(_folder.FullName, "state");
        File.WriteAllText(file, "");

        Assert.That(
            async () => await SandboxServer.StartAsync(new SandboxOptions { StateDirectory = file }),
            Throws.InstanceOf<IOException>().With.Message.EqualTo($"'{file}' is a file. The state needs a folder."));
    }

    [Test]
    public async Task A_damaged_state_is_an_error_and_stays_as_it_is()
    {
        var state = Path.Combine(_folder.FullName, "sandbox.json");
        await File.WriteAllTextAsync(state, "[{");

        Assert.That(async () => await StartAsync(), Throws.InstanceOf<IOException>().With.Message.Contains("Remove it to start from nothing"));
        Assert.That(await File.ReadAllTextAsync(state), Is.EqualTo("[{"));
        File.Delete(state);
        await using var server = await StartAsync();
    }

    private Task<SandboxServer> StartAsync() => SandboxServer.StartAsync(new SandboxOptions { StateDirectory = _folder.FullName, TimeProvider = _clock });
}
