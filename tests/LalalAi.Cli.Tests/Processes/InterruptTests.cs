using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>Interrupted runs, and what other processes can see of a run.</summary>
[Category("Slow")]
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
[Parallelizable]
public sealed class InterruptTests : SandboxFixture
{
    // Nothing leaves the queue while a test looks at it.
    protected override SandboxOptions Options => new() { Speed = 0.001 };

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task First_signal_ends_the_run_with_130_and_leaves_the_task_for_the_next_run(
        string signal,
        CancellationToken cancellationToken)
    {
        if (signal == "HUP")
        {
            CliProcess.RequireHangUp();
        }

        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        var started = await process.ReadEventAsync("started", cancellationToken);
        await process.SignalAsync(signal, cancellationToken);
        await process.EndAsync(cancellationToken);
        using var again = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        var began = await again.ReadEventAsync("began", cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(130), await process.Messages);
        Assert.That(await process.Messages, Does.Contain("1 task of this run keep running").And.Contain("Files    1 in progress"));
        Assert.That((int?)began["in_progress"], Is.EqualTo(1));
        Assert.That(await CheckAsync(started), Is.TypeOf<TaskInProgress>());
    }

    [TestCase("INT", 0)]
    [TestCase("TERM", 0)]
    [TestCase("INT", 1)]
    [TestCase("TERM", 1)]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Watch_ends_at_a_signal_with_130_only_if_work_is_left(string signal, int songs, CancellationToken cancellationToken)
    {
        var inbox = Path.Combine(Root, "inbox");
        SongFolder.Write(inbox, songs);
        using var process = CliProcess.Start(Sandbox, "watch", inbox, "-o", Output, "--json");
        await process.ReadEventAsync(songs == 0 ? "began" : "started", cancellationToken);
        await process.SignalAsync(signal, cancellationToken);
        await process.EndAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(songs == 0 ? 0 : 130), await process.Messages);
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Second_signal_ends_the_run_immediately(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        await process.ReadEventAsync("started", cancellationToken);
        // The first signal still asks for the balance, and gets no response.
        Sandbox.Faults.Add("stall;on=limits.minutes_left;times=100");
        var asked = TimesAsked();
        await process.SignalAsync("INT", cancellationToken);
        // Two signals in quick succession may be delivered as one.
        await TestLimit.UntilAsync(() => TimesAsked() > asked, cancellationToken);
        await process.SignalAsync("INT", cancellationToken);
        var rest = await process.EndAsync(cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(130), await process.Messages);
        Assert.That(rest, Does.Not.Contain("summary"));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Run_cancels_its_own_tasks_if_requested(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json", "--cancel-on-interrupt");
        var started = await process.ReadEventAsync("started", cancellationToken);
        await process.SignalAsync("INT", cancellationToken);
        var canceled = await process.ReadEventAsync("canceled", cancellationToken);
        var summary = await process.ReadEventAsync("summary", cancellationToken);
        await process.EndAsync(cancellationToken);
        var messages = await process.Messages;
        var status = await CommandRun.StartAsync(["status", "--from", Output], CommandRun.Context(Variables), cancellationToken);

        Assert.That(process.ExitCode, Is.EqualTo(130), messages);
        Assert.That((string?)canceled["task_id"], Is.EqualTo((string?)started["task_id"]));
        Assert.That(((int)summary["canceled"]!, (int)summary["not_started"]!), Is.EqualTo((1, 0)));
        Assert.That(messages, Does.Contain("--restart-lost").And.Not.Contain("The same command resumes"));
        Assert.That(status.Messages, Does.Contain("1 failed, canceled or lost: --restart-lost starts it again, and pays again."));
        Assert.That(await CheckAsync(started), Is.TypeOf<TaskCanceled>());
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "It reads what /proc tells of a process.")]
    public async Task The_key_is_no_argument_that_other_users_could_read(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        await process.ReadEventAsync("started", cancellationToken);

        Assert.That(
            await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline", cancellationToken),
            Does.Contain("split").And.Not.Contain(Sandbox.LicenseKey));
        Assert.That(await File.ReadAllTextAsync($"/proc/{process.Id}/comm", cancellationToken), Does.Not.Contain(Sandbox.LicenseKey));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task The_tasks_of_a_folder_can_be_seen_and_canceled_and_its_sources_stay(CancellationToken cancellationToken)
    {
        using var process = CliProcess.Start(Sandbox, "split", Song, "-o", Output, "--json");
        var started = await process.ReadEventAsync("started", cancellationToken);
        await process.KillAsync(cancellationToken);

        var (status, _) = await RunAsync("status", "--from", Output);
        var (_, deleted) = await RunAsync("delete", "--from", Output);
        var (canceled, _) = await RunAsync("cancel", "--from", Output);
        var (_, all) = await RunAsync("cancel", "--all", "--from", Output, "--yes");

        Assert.That(status, Is.EqualTo($"{started["task_id"]}  queued  song.wav"));
        Assert.That(deleted, Does.Contain("Kept 1 source"));
        Assert.That(canceled, Is.EqualTo($"{started["task_id"]}  canceled"));
        Assert.That(all, Does.Contain("the 0 tasks in progress").And.Contain("Canceled 0 of 0"));

        async Task<(string Data, string Messages)> RunAsync(params string[] arguments)
        {
            var run = await CommandRun.StartAsync(arguments, CommandRun.Context(Variables), cancellationToken);
            return (run.Data.Trim(), run.Messages);
        }
    }

    private int TimesAsked() => Sandbox.Requests.Count(request => request.Operation == "limits.minutes_left");

    private async Task<TaskState> CheckAsync(JObject started)
    {
        await using var client = Connect();
        return await client.CheckAsync(TaskId.Parse((string)started["task_id"]!));
    }
}
