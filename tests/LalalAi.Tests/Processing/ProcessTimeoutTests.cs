using LalalAi.Tests.Hosts;
using LalalAi.Tests.Polling;

namespace LalalAi.Tests.Processing;

/// <summary>Jobs that reach their timeout in each phase, and the options of their start.</summary>
public sealed class ProcessTimeoutTests : ProcessFixture
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private TestClock _clock = null!;

    [SetUp]
    public void KeepTaskInProgress()
    {
        _clock = new TestClock();
        Replies[Check] = Checked(States.Progress(40));
    }

    [Test]
    public async Task ProcessAsync_throws_a_TimeoutException_during_the_upload()
    {
        Hold(Upload);
        var job = ProcessAsync();
        await Server.RequestAsync(1);

        _clock.Advance(Limit);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => job.SoonAsync());
        Assert.That(exception!.Message, Does.Contain("01:00:00 during the upload. Nothing was started."));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_source_when_it_reaches_its_timeout_before_the_start()
    {
        var job = ProcessAsync(new Host
        {
            OnSave = _ =>
            {
                _clock.Advance(Limit);
                return Task.CompletedTask;
            },
        });

        var exception = await Assert.ThrowsAsync<LalalAiProcessException>(() => job.SoonAsync());

        Assert.That(exception!.Message, Does.Contain("01:00:00 after the upload. Nothing was started."));
        Assert.That(exception.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That((exception.Checkpoint!.Source is null, exception.Checkpoint.IdempotencyKey), Is.EqualTo((false, (Guid?)null)));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_key_when_it_reaches_its_timeout_during_the_start()
    {
        Hold(Start);
        var job = ProcessAsync();
        var start = await Server.RequestAsync(2);

        _clock.Advance(Limit);
        await _clock.DelayBeginsAsync(new ProcessOptions().StartGracePeriod);
        _clock.Advance(new ProcessOptions().StartGracePeriod);

        var exception = await Assert.ThrowsAsync<LalalAiAmbiguousStartException>(() => job.SoonAsync());
        Assert.That(exception!.Message, Does.Contain("01:00:00 during the start."));
        Assert.That($"{exception.IdempotencyKey}", Is.EqualTo(KeyOf(start)));
        Assert.That(exception.Checkpoint!.IdempotencyKey, Is.EqualTo(exception.IdempotencyKey));
        Assert.That(exception.SourceId, Is.EqualTo(exception.Checkpoint.Source!.Id));
    }

    [Test]
    public async Task ProcessAsync_keeps_the_task_when_it_reaches_its_timeout_during_the_wait()
    {
        var reports = new Observer<ProcessProgress>();
        var job = ProcessAsync(progress: reports);
        while ((await reports.NextAsync()).State is not TaskInProgress)
        {
        }

        _clock.Advance(Limit);

        var exception = await Assert.ThrowsAsync<LalalAiTaskTimeoutException>(() => job.SoonAsync());
        Assert.That((exception!.TaskId, exception.Checkpoint!.TaskId), Is.EqualTo((Task1, (TaskId?)Task1)));
        Assert.That(exception.LastState, Is.TypeOf<TaskInProgress>().With.Property("Percent").EqualTo(40));
        Assert.That(exception.Message, Does.Contain("01:00:00"));
    }

    [Test]
    public async Task ProcessAsync_starts_with_the_key_of_its_options()
    {
        var key = Guid.NewGuid();
        var job = ProcessAsync(start: new StartOptions { IdempotencyKey = key });
        await Server.RequestAsync(3);
        _clock.Advance(Limit);

        var exception = await Assert.ThrowsAsync<LalalAiTaskTimeoutException>(() => job.SoonAsync());

        Assert.That((KeyOf(Server.Requests[1]), exception!.Checkpoint!.IdempotencyKey), Is.EqualTo(($"{key}", (Guid?)key)));
    }

    [Test]
    public async Task ProcessAsync_sends_presets_that_it_does_not_validate()
    {
        Replies["/api/v1/split/multistem/"] = ApiReply.Error(400);
        var job = ProcessAsync(start: new StartOptions { ValidatePresets = false }, presets: new MultistemPresets { StemList = [] });

        await Assert.CatchAsync<LalalAiApiException>(() => job.SoonAsync());

        Assert.That(Server.Requests[^1].Path, Is.EqualTo("/api/v1/split/multistem/"));
    }

    private Task<ProcessResult> ProcessAsync(
        ProcessHost? host = null, IProgress<ProcessProgress>? progress = null, StartOptions? start = null, TaskPresets? presets = null)
    {
        var options = new ProcessOptions { Timeout = Limit, TimeProvider = _clock, Host = host, Start = start };
        return Client.ProcessAsync(SongPath, presets ?? new DemuserPresets(), Output, options, progress);
    }

    private void Hold(string path) => Replies[path] = Replies[path] with { HoldUntil = ScriptedResponse.Forever };
}
