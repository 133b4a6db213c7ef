using LalalAi.Cli.Failures;
using LalalAi.Cli.Probing;
using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Probing;

/// <summary>What a probe costs, what it leaves behind, and what happens when it ends early.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProbeTests
{
    [TestCase(ReusedKeyResponse.SameTask)]
    [TestCase(ReusedKeyResponse.Rejected)]
    [TestCase(ReusedKeyResponse.AnotherTask)]
    public async Task Probe_starts_two_tasks_and_costs_what_it_says(ReusedKeyResponse answer)
    {
        await using var run = await ProbeRun.StartAsync(new SandboxBehavior { SameKeyWhileQueued = answer });

        await run.ProbeAsync();

        var report = run.Sandbox.GetReport();
        Assert.That((report.Starts, report.MinutesSpent), Is.EqualTo((2, Probe.MaxMinutes)));
        Assert.That(run.Record.File.Probe.Tasks, Has.Count.EqualTo(2).And.All.Property("TaskId").Not.Null);
    }

    [Test]
    public async Task Probe_starts_nothing_when_there_are_too_few_minutes()
    {
        await using var run = await ProbeRun.StartAsync(minutes: 0.1);

        var exception = await Assert.ThrowsAsync<JobException>(() => run.ProbeAsync());

        Assert.That(exception!.Failure.ExitCode, Is.EqualTo(ExitCode.Minutes));
        Assert.That(run.Sandbox.GetReport().Uploads, Is.Zero);
    }

    [Test]
    public async Task Probe_does_not_start_again_after_a_lost_answer()
    {
        await using var run = await ProbeRun.StartAsync();
        run.Sandbox.Faults.Add("lose-response;on=start");

        await Assert.ThrowsAsync<LalalAiConnectionException>(() => run.ProbeAsync());

        Assert.That(run.Sandbox.GetReport().Starts, Is.EqualTo(1));
        Assert.That(BehaviorFile.Read(run.Path).Probe.Tasks.Single().TaskId, Is.Null);
    }

    [Test]
    public async Task Probe_does_not_start_a_third_task_when_the_second_answer_is_lost_to_a_gateway()
    {
        await using var run = await ProbeRun.StartAsync(new SandboxBehavior { SameKeyWhileQueued = ReusedKeyResponse.AnotherTask });
        run.Sandbox.Faults.Add("html=502;on=start;skip=1");

        await run.ProbeAsync();

        Assert.That(run.Sandbox.Requests.Count(request => request.Operation == "split.stem_separator"), Is.EqualTo(2));
        Assert.That(run.Record.File.Facts.SameKeyWhileQueued, Is.Null);
        Assert.That(run.Record.File.NotSeen["same_key_while_queued"], Does.Contain("HTTP 502"));
    }

    [Test]
    public async Task Probe_that_is_interrupted_can_be_completed_a_day_later()
    {
        await using var run = await ProbeRun.StartAsync();
        using var interrupt = new CancellationTokenSource();
        run.Sandbox.Faults.Add("stall;on=cancel");

        var probe = run.ProbeAsync(cancellationToken: interrupt.Token);
        await TestLimit.UntilAsync(() => run.Sandbox.Requests.Any(request => request.Operation == "cancel"), CancellationToken.None);
        await interrupt.CancelAsync();
        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => probe);
        var early = await Assert.ThrowsAsync<UsageException>(() => run.AskLaterAsync(TimeSpan.FromHours(1)));
        var file = await run.AskLaterAsync(TimeSpan.FromHours(25));

        Assert.That(early!.Message, Does.Contain("24 hours"));
        Assert.That((file.Facts.SameKeyWhileQueued, file.Facts.ExpiredTask), Is.EqualTo((ReusedKeyResponse.SameTask, MissingTaskResponse.ServerError)));
        Assert.That((file.Facts.SourcesExpire, file.Facts.LinkEntityTag), Is.EqualTo((true, (EntityTagKind?)null)));
        Assert.That(file.NotSeen["link_entity_tag"], Does.Contain("ended before"));
    }

    [Test]
    public async Task Fact_is_unknown_if_the_task_left_the_queue_before_the_second_start()
    {
        await using var run = await ProbeRun.StartAsync();
        // Processing begins while the second start waits.
        run.Sandbox.Faults.Add("delay=3s;on=start;skip=1");

        await run.ProbeAsync();

        Assert.That(run.Record.File.Facts.SameKeyWhileQueued, Is.Null);
        Assert.That(run.Record.File.NotSeen["same_key_while_queued"], Does.Contain("no longer queued"));
    }

    [Test]
    public async Task File_contains_neither_the_key_nor_a_link()
    {
        await using var run = await ProbeRun.StartAsync();

        await run.ProbeAsync();

        var text = File.ReadAllText(run.Path);
        Assert.That(text, Does.Contain("\"link_entity_tag\": \"strong\"").And.Not.Contain("0815").And.Not.Contain("expires="));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(run.Path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Source_is_asked_about_once_because_the_question_deletes_it()
    {
        await using var run = await ProbeRun.StartAsync(new SandboxBehavior { SourcesExpire = false });
        await run.ProbeAsync();

        await run.AskLaterAsync(TimeSpan.FromHours(25));
        var again = await run.AskLaterAsync(TimeSpan.FromHours(1));

        Assert.That(again.Facts.SourcesExpire, Is.False);
    }
}
