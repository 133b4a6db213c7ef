using LalalAi.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.AI.Tests;

/// <summary>Failures of the caller's code: a store that cannot write, for example because the disk is full, and a progress handler.</summary>
[CancelAfter(TestLimit.Milliseconds)]
public sealed class HostFailureTests : AgentFixture
{
    [Test]
    public async Task A_job_whose_end_cannot_be_stored_is_stopped(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add(Fault.TaskError("internal_error", "broken"), on: SandboxOperation.Start);
        var functions = LalalAiFunctions.Create(Client, Options with { OpenStore = () => new UnreliableStore(Output, job => job.End is not null) });
        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        await WaitForAsync(functions, job, "processing", cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));

        var ended = await WaitForEndAsync(functions, job, cancellationToken);

        Assert.That(Text(ended, "status"), Is.EqualTo("stopped"), ended.ToString());
        await functions.DisposeAsync().AsTask().SoonAsync();
    }

    [Test]
    public async Task A_job_whose_progress_handler_throws_at_its_end_is_done(CancellationToken cancellationToken)
    {
        // The time to wait does not pass.
        var functions = LalalAiFunctions.Create(Client, Options with { TimeProvider = new FakeTimeProvider() });
        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        await WaitForAsync(functions, job, "processing", cancellationToken);
        var arguments = ArgumentsOf($$"""{ "job": "{{job}}", "wait_seconds": 45 }""");
        var progress = new Observer<JobProgress>(value =>
        {
            if (value.Status == "done")
            {
                throw new IOException("closed");
            }
        });
        arguments.Context = new Dictionary<object, object?> { [typeof(IProgress<JobProgress>)] = progress };
        var wait = functions.Single(function => function.Name == "status").InvokeAsync(arguments, cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));

        await wait;
        var ended = await WaitForEndAsync(functions, job, cancellationToken);

        Assert.That(progress.All.Select(value => value.Status), Has.Member("done"));
        Assert.That(Text(ended, "status"), Is.EqualTo("done"));
        await functions.DisposeAsync().AsTask().SoonAsync();
    }

    [Test]
    public async Task A_task_whose_ID_cannot_be_stored_at_first_is_finished(CancellationToken cancellationToken)
    {
        var failures = 0;
        await using (var functions = LalalAiFunctions.Create(
            Client, Options with { OpenStore = () => new UnreliableStore(Output, job => job.Checkpoint.TaskId is not null && failures++ == 0) }))
        {
            var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
            var done = await FinishAsync(functions, job, cancellationToken);

            Assert.That((Text(done, "status"), Text(done, "note")), Is.EqualTo(("done", (string?)null)));
        }

        using var store = new FolderJobStore(Output);
        Assert.That(store.Jobs.Values.Single().Checkpoint, Has.Property(nameof(JobCheckpoint.TaskId)).Not.Null);
        Assert.That((failures > 0, Sandbox.GetReport().Starts), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task A_stopped_job_stores_the_ID_of_its_task_that_could_not_be_stored_before(CancellationToken cancellationToken)
    {
        var failures = 0;
        await using (var functions = LalalAiFunctions.Create(
            Client, Options with { OpenStore = () => new UnreliableStore(Output, job => job.Checkpoint.TaskId is not null && failures++ == 0) }))
        {
            var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
            await WaitForAsync(functions, job, "processing", cancellationToken);
        }

        using var store = new FolderJobStore(Output);
        Assert.That(store.Jobs.Values.Single().Checkpoint, Has.Property(nameof(JobCheckpoint.TaskId)).Not.Null);
    }

    [Test]
    public async Task A_stopped_job_contains_the_ID_of_its_task_that_cannot_be_stored(CancellationToken cancellationToken)
    {
        TaskId? task = null;
        await using var functions = LalalAiFunctions.Create(
            Client, Options with { OpenStore = () => new UnreliableStore(Output, job => (task = job.Checkpoint.TaskId ?? task) is not null) });

        var job = Text(await CallAsync(functions, "split", Split, cancellationToken), "job")!;
        await TestLimit.UntilAsync(() => task is not null, cancellationToken);
        Sandbox.Advance(TimeSpan.FromMinutes(30));
        var stopped = await WaitForEndAsync(functions, job, cancellationToken);

        Assert.That(Text(stopped, "status"), Is.EqualTo("stopped"));
        Assert.That(Text(stopped, "note"), Does.Contain($"{task}").And.Contain("was started"));
    }

    /// <summary>A store in a folder that fails to save some states of a job.</summary>
    private sealed class UnreliableStore(string folder, Func<AgentJob, bool> fails) : AgentJobStore
    {
        private readonly FolderJobStore _store = new(folder);

        public override string Folder => _store.Folder;

        public override IReadOnlyDictionary<string, AgentJob> Jobs => _store.Jobs;

        public override double? MinutesSpent => _store.MinutesSpent;

        public override AgentJob Add(string id, string sha256, string file, Uri service, TaskPresets presets) =>
            _store.Add(id, sha256, file, service, presets);

        public override void Save(AgentJob job)
        {
            if (fails(job))
            {
                throw new IOException("No space left on device");
            }

            _store.Save(job);
        }

        protected override void Dispose(bool disposing)
        {
            _store.Dispose();
            base.Dispose(disposing);
        }
    }
}
