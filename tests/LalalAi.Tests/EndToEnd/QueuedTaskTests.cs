using LalalAi.Sandbox;

namespace LalalAi.Tests.EndToEnd;

/// <summary>Checks and cancellations of tasks that stay queued for as long as a test takes.</summary>
public sealed class QueuedTaskTests
{
    private SandboxServer _sandbox = null!;
    private LalalAiClient _client = null!;
    private TaskId _task;
    private TaskId _other;

    [SetUp]
    public async Task Start()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 0.001 });
        _client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = _sandbox.BaseAddress, LicenseKey = _sandbox.LicenseKey });
        var source = await _client.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)), "song.wav");
        _task = await _client.StartAsync(source.Id, new DemuserPresets());
        _other = await _client.StartAsync(source.Id, new DemuserPresets());
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    [Test]
    public async Task CheckAsync_returns_a_task_in_progress() =>
        Assert.That((await _client.CheckAsync([_task]))[_task], Is.InstanceOf<TaskInProgress>());

    [Test]
    public async Task CancelAsync_cancels_a_task_once()
    {
        Assert.That((await _client.CancelAsync([_task]))[_task], Is.InstanceOf<CancelSucceeded>());
        Assert.That((await _client.CancelAsync([_task]))[_task], Is.InstanceOf<CancelFailed>());
    }

    [Test]
    public async Task CancelAllAsync_cancels_every_task_that_is_left()
    {
        await _client.CancelAsync([_task]);

        var results = await _client.CancelAllAsync();

        Assert.That(results.Keys, Is.EqualTo(new[] { _other }));
        Assert.That(results[_other], Is.InstanceOf<CancelSucceeded>());
    }

    [Test]
    public async Task WaitAsync_throws_when_the_task_was_canceled()
    {
        await _client.CancelAllAsync();

        await Assert.ThatAsync(() => _client.WaitAsync(_task), Throws.InstanceOf<LalalAiTaskException>().With.Property("State").InstanceOf<TaskCanceled>());
    }
}
