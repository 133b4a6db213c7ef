namespace LalalAi.Cli.Tests;

/// <summary>The amount and the destination of output: --quiet, --verbose, --log-file and --json.</summary>
public sealed class OutputTests : ServiceFixture
{
    [Test]
    public async Task Quiet_run_writes_results_only()
    {
        var run = await RunAsync("split", "--quiet");

        Assert.That((run.ExitCode, run.Messages), Is.EqualTo((0, string.Empty)));
        Assert.That(run.Lines, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Quiet_run_writes_failures()
    {
        File.WriteAllBytes(Path.Combine(Root, "empty.wav"), []);

        var run = await StartAsync("split", Root, "-o", Output, "-q");

        Assert.That(run.Messages.Trim().Split('\n'), Has.Length.EqualTo(1).And.All.Contains("empty.wav: The file is empty."));
    }

    [Test]
    public async Task Verbose_run_writes_what_the_client_logs_and_never_the_key()
    {
        Sandbox.Faults.Add("status=503;on=upload;times=1");

        var run = await RunAsync("split", "-v");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(
            run.Messages,
            Does.Contain(
                "information: Upload failed with "
                    + "LalalAiApiException").And.Contain("Retry 1 follows in").And.Not.Contain(Sandbox.LicenseKey));
    }

    [Test]
    public async Task Log_file_has_messages_and_what_the_client_logs_and_never_the_key()
    {
        var log = Path.Combine(Root, "run.log");
        Sandbox.Faults.Add("status=503;on=upload;times=1");

        await RunAsync("split", "-q", "--log-file", log);
        await RunAsync("split", "-q", "--log-file", log);

        var text = File.ReadAllText(log);
        Assert.That(
            text,
            Does.Contain("Retry 1 follows in").And
                .Contain("song.wav: vocals, no_vocals in").And
                .Contain("song.wav: done before").And.Not
                .Contain(Sandbox.LicenseKey));
        Assert.That(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Has.All.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|information|warning|error) +\S"));
    }

    [Test]
    public async Task Log_file_that_cannot_be_written_is_a_mistake()
    {
        var run = await RunAsync("split", "--log-file", Path.Combine(Root, "nowhere", "run.log"));

        Assert.That((run.ExitCode, Sandbox.GetReport().Uploads), Is.EqualTo((2, 0)));
        Assert.That(run.Messages, Does.Contain("--log-file"));
    }

    [Test]
    public async Task Rate_limit_is_shown_with_the_time_of_the_next_attempt()
    {
        Sandbox.Faults.Add("status=429;on=check;times=1");

        var run = await RunAsync("split", "--json");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(
            run.Messages,
            Does.Match("Rate limited by the service. The next attempt follows in 0:\\d\\d\\.").And.Contain("The service answers again."));
        Assert.That((string?)run.Events("paused").Single()["reason"], Is.EqualTo("Rate limited by the service"));
        Assert.That(run.Events("resumed"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Json_run_reports_the_phases_of_each_file_and_the_total()
    {
        var run = await RunAsync("split", "--json");

        Assert.That(
            run.Events("progress").Select(line => (string?)line["phase"]),
            Is.SupersetOf(new[] { "reading", "uploading", "starting", "queued", "downloading" }));
        Assert.That(run.Events("progress").Select(line => (string?)line["file"]), Has.All.EqualTo(Song));
        Assert.That(run.Events("total")[0]["files"]!.ToObject<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task Failed_task_has_the_code_of_the_service_in_every_place()
    {
        Sandbox.Faults.Add("task-error=inference_error;times=1");

        var run = await RunAsync("split", "--json");
        var again = await RunAsync("split", "--json");
        var status = await StartAsync("status", (string)run.Events("started").Single()["task_id"]!, "--json");

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Messages);
        Assert.That(
            new[] { run.Events("file_failed"), again.Events("file_failed"), status.Events("status") }.Select(
                events => (string?)events.Single()["code"]),
            Has.All.EqualTo("inference_error"));
    }
}
