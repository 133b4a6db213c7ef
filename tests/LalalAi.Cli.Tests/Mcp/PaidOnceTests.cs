using LalalAi.Sandbox;

namespace LalalAi.Cli.Tests.Mcp;

/// <summary>Clients that cancel and retry, and servers that are killed: a job is paid for once and counted once in the budget.</summary>
[Category("Slow")]
public sealed class PaidOnceTests : McpFixture
{
    private const string Split = """{ "file": "song.wav" }""";

    [Test]
    public async Task A_client_that_cancels_its_wait_and_calls_again_gets_the_same_job(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken);
        var job = Text(await CallAsync(server, "split", Split, cancellationToken), "job")!;
        await WaitForAsync(server, job, "processing", cancellationToken);

        using (var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            cancellation.CancelAfter(TimeSpan.FromSeconds(1));
            Assert.That(
                async () => await CallAsync(server, "status", $$"""{ "job": "{{job}}", "wait_seconds": 45 }""", cancellation.Token),
                Throws.InstanceOf<OperationCanceledException>());
        }

        var again = await CallAsync(server, "split", Split, cancellationToken);
        var done = await FinishAsync(server, job, cancellationToken);

        Assert.That((Text(again, "job"), Text(done, "status"), Sandbox.GetReport().Starts), Is.EqualTo((job, "done", 1)));
    }

    [Test]
    public async Task A_client_that_cancels_its_call_and_calls_again_gets_the_same_job(CancellationToken cancellationToken)
    {
        var server = await StartAsync(cancellationToken);
        using (var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            var call = CallAsync(server, "split", Split, cancellation.Token);
            await cancellation.CancelAsync();
            try
            {
                await call;
            }
            catch (OperationCanceledException)
            {
            }
        }

        var jobs = new List<string?>();
        for (var repeat = 0; repeat < 5; repeat++)
        {
            jobs.Add(Text(await CallAsync(server, "split", Split, cancellationToken), "job"));
        }

        await FinishAsync(server, jobs[0]!, cancellationToken);

        Assert.That(jobs.Distinct().Count(), Is.EqualTo(1));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_is_killed_while_the_task_runs_resumes_it(CancellationToken cancellationToken)
    {
        var first = await StartProcessAsync(cancellationToken);
        var job = Text(await CallAsync(first, "split", Split, cancellationToken), "job")!;
        await WaitForAsync(first, job, "processing", cancellationToken);
        await first.KillAsync(cancellationToken);

        await AssertResumedAsync(job, cancellationToken);
    }

    [Test]
    public async Task A_server_that_is_killed_during_a_start_repeats_it_with_the_same_key(CancellationToken cancellationToken)
    {
        // The service has the start, and its answer does not arrive.
        Sandbox.Faults.Add([Fault.LoseResponse, Fault.Stall(0)], on: SandboxOperation.Start);
        var first = await StartProcessAsync(cancellationToken);
        var job = Text(await CallAsync(first, "split", Split, cancellationToken), "job")!;
        await TestLimit.UntilAsync(() => Sandbox.GetReport().Starts > 0, cancellationToken);

        await first.KillAsync(cancellationToken);

        await AssertResumedAsync(job, cancellationToken);
    }

    [Test]
    public async Task A_server_that_is_killed_during_the_upload_uploads_again(CancellationToken cancellationToken)
    {
        Sandbox.Faults.Add(Fault.Delay(TimeSpan.FromHours(1)), on: SandboxOperation.Upload);
        var first = await StartProcessAsync(cancellationToken);
        var job = Text(await CallAsync(first, "split", Split, cancellationToken), "job")!;
        await WaitForAsync(first, job, "uploading", cancellationToken);
        await first.KillAsync(cancellationToken);
        Sandbox.Faults.Clear();

        await AssertResumedAsync(job, cancellationToken);
    }

    private async Task AssertResumedAsync(string job, CancellationToken cancellationToken)
    {
        var second = await StartAsync(cancellationToken);
        var again = await CallAsync(second, "split", Split, cancellationToken);
        var done = await FinishAsync(second, job, cancellationToken);
        var account = await CallAsync(second, "account", "{}", cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That((Text(again, "job"), Text(done, "status")), Is.EqualTo((job, "done")));
            Assert.That((Sandbox.GetReport().Starts, Sandbox.GetReport().StartsRepeated), Is.EqualTo((1, 0)));
            Assert.That(account.GetProperty("budget").ToString(), Is.EqualTo("""{"max_minutes":10,"spent":0.05,"left":9.95}"""));
        });
    }
}
