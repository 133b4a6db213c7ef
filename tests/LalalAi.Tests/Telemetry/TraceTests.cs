using System.Collections.Concurrent;
using System.Diagnostics;
using LalalAi.Sandbox;
using LalalAi.Telemetry;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Telemetry;

/// <summary>Traces of jobs, waits and failures.</summary>
[NonParallelizable]
public sealed class TraceTests
{
    private readonly ConcurrentQueue<Activity> _activities = [];

    private ActivityListener _listener = null!;
    private string _directory = null!;

    [SetUp]
    public void Listen()
    {
        _activities.Clear();
        _directory = Directory.CreateTempSubdirectory("lalalai-trace").FullName;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LalalAiTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Stop()
    {
        _listener.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Job_is_one_trace_with_its_source_and_task()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity });
        await using var client = ApiClients.For(sandbox.BaseAddress, options => options.LicenseKey = sandbox.LicenseKey);
        var source = await client.UploadAsync(SandboxSong.Create(TimeSpan.FromSeconds(1)), "song.wav");
        _activities.Clear();

        var result = await client.ProcessAsync(source, new DemuserPresets(), _directory);

        var job = _activities.Single(activity => activity.OperationName == "LalalAi.Process");
        Assert.That((job.Kind, job.GetTagItem("lalalai.source_id"), job.GetTagItem("lalalai.task_id")), Is.EqualTo((ActivityKind.Internal, source.Id.Value, result.State.TaskId.Value)));
        Assert.That(
            _activities.Where(activity => activity.TraceId == job.TraceId && activity != job).Select(activity => activity.OperationName).Distinct(),
            Is.SupersetOf(new[] { "LalalAi.SplitDemuser", "LalalAi.Wait", "LalalAi.Download" }));
        Assert.That(_activities.Single(activity => activity.OperationName == "LalalAi.Wait").GetTagItem("lalalai.task_id"), Is.EqualTo(result.State.TaskId.Value));
    }

    [Test]
    public async Task Wait_that_times_out_is_a_failure_with_its_task()
    {
        using var nowhere = new ClosedPort();
        await using var client = ApiClients.For(nowhere.Address);

        await Assert.CatchAsync<TimeoutException>(() => client.WaitAsync(new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), timeout: TimeSpan.Zero));

        var wait = _activities.Single(activity => activity.OperationName == "LalalAi.Wait");
        Assert.That(
            (wait.Status, wait.GetTagItem("error.type"), wait.GetTagItem("lalalai.task_id")), Is.EqualTo((ActivityStatusCode.Error, "timeout", "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34")));
    }

    [TestCase("exceeded_duration", "exceeded_duration")]
    [TestCase("solar_flare_4711", "400")]
    public async Task Error_type_is_a_code_only_if_it_is_documented(string code, string errorType)
    {
        using var measurements = new Measurements();
        await using var server = ScriptedServer.Start(_ => ApiReply.Error(400, code));
        await using var client = ApiClients.For(server.Address);

        await Assert.CatchAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        var activity = _activities.Single();
        Assert.That((activity.GetTagItem("error.type"), activity.StatusDescription), Is.EqualTo((errorType, errorType)));
        Assert.That(measurements.Of("lalalai.client.operation.duration").Single().Tags, Is.EqualTo($"MinutesLeft, {errorType}"));
    }

    [Test]
    public async Task Texts_of_the_service_are_cut_in_messages_and_tags()
    {
        var text = new string('x', 20_000);
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Status = 400, Body = $$"""{"detail":"line one\nline two {{text}}","code":"{{text}}"}""", Headers = [$"x-request-id: {text}"] });
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.CatchAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.Message, Has.Length.LessThan(1_000).And.Contain("line one line two"));
        Assert.That(exception.Code, Has.Length.EqualTo(text.Length), "As data, it is whole.");
        Assert.That(_activities.Single().TagObjects.Select(tag => $"{tag.Value}".Length), Has.All.LessThan(200));
    }
}
