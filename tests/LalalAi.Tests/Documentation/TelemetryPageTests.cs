using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using LalalAi.Telemetry;
using LalalAi.Tests.Hosts;
using LalalAi.Tests.Http;
using Microsoft.Extensions.Logging;

namespace LalalAi.Tests.Documentation;

/// <summary>docs/telemetry.md lists exactly the activities, tags, instruments and log messages of a run of every operation.</summary>
public sealed class TelemetryPageTests
{
    private const string RequestId = "x-request-id: 0123456789abcdef0123456789abcdef";

    private static readonly string[] Composed = ["LalalAi.Process", "LalalAi.Wait"];

    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly Dictionary<Instrument, SortedSet<string>> _instruments = [];
    private string[] _lines = null!;

    [OneTimeSetUp]
    public async Task Listen_to_a_run_of_every_operation()
    {
        _lines = await File.ReadAllLinesAsync(Path.Combine(RepositoryRoot.Path, "docs", "telemetry.md"));
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LalalAiTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = Enable };
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        meters.Start();

        await using var server = ScriptedServer.StartReading(_ => ApiReply.Error(500) with { Headers = [RequestId] });
        await using var client = ApiClients.For(server.Address, options => options.MaxRetries = 1);
        foreach (var operation in FacadeOperation.All)
        {
            await operation.Call(client).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await Assert.CatchAsync(() => client.DownloadAsync(new TaskTrack { TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), Label = "vocals", Type = TrackType.Stem, Url = new Uri(server.Address.ToString()) }, Stream.Null));
        using var leaving = new CancellationTokenSource();
        var wait = client.WaitAsync(new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"), cancellationToken: leaving.Token);
        await leaving.CancelAsync();
        await Assert.CatchAsync(() => wait);
        var source = new SourceFile { Id = new SourceId("5e0c0f0e-1111-4222-8333-444455556666"), Name = "song.wav", Size = 1, Duration = null, ExpiresAt = DateTimeOffset.MaxValue };
        await Assert.CatchAsync(() => client.ProcessAsync(source, new DemuserPresets(), Path.GetTempPath()));
        await using var working = ScriptedServer.StartReading(_ => ApiReply.Uploaded with { Headers = [RequestId] });
        await using var other = ApiClients.For(working.Address);
        await other.UploadAsync(new byte[] { 1 }, "song.wav");
    }

    [Test]
    public void Table_of_activities_is_complete() =>
        Assert.That(Table("activity").Select(row => row[0]), Is.EquivalentTo(_activities.Select(activity => $"`{activity.OperationName}`").Distinct()));

    [Test]
    public void Activity_kinds_match_the_table() =>
        Assert.That(_activities.Where(activity => activity.Kind == ActivityKind.Internal).Select(activity => activity.OperationName).Distinct(), Is.EquivalentTo(Composed));

    [Test]
    public void Table_of_tags_is_complete() =>
        Assert.That(Table("tag").Select(row => row[0]), Is.EquivalentTo(_activities.SelectMany(activity => activity.TagObjects).Select(tag => $"`{tag.Key}`").Distinct()));

    [Test]
    public void Each_activity_of_a_request_that_was_answered_has_its_id() =>
        Assert.That(
            _activities.Where(activity => activity.OperationName != "LalalAi.Download" && !Composed.Contains(activity.OperationName) && activity.GetTagItem("error.type") is not "canceled").Select(activity => activity.GetTagItem("lalalai.request_id")),
            Is.Not.Empty.And.All.EqualTo(RequestId.Split(' ')[1]));

    [Test]
    public void Table_of_instruments_is_complete_with_units_and_tags() =>
        Assert.That(
            Table("instrument").Select(row => string.Join(" | ", row)),
            Is.EquivalentTo(_instruments.Select(entry => $"`{entry.Key.Name}` | {Kind(entry.Key)} | `{entry.Key.Unit}` | {string.Join(", ", entry.Value.Select(tag => $"`{tag}`"))} | {entry.Key.Description}")));

    [Test]
    public void Table_of_log_messages_is_complete() =>
        Assert.That(
            Table("id").Select(row => string.Join(" | ", row)),
            Is.EquivalentTo(
                from method in typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                where message is not null
                select $"{message.EventId} | `{message.EventName ?? method.Name}` | {message.Level.ToString().ToLowerInvariant()} | {message.Message}"));

    [Test]
    public void Source_meter_and_log_category_have_one_name() => Assert.That((LalalAiTelemetry.Name, Log.Category), Is.EqualTo(("LalalAi", "LalalAi")));

    [TestCase(typeof(OperationCanceledException))]
    [TestCase(typeof(TimeoutException))]
    [TestCase(typeof(LalalAiConnectionException))]
    [TestCase(typeof(LalalAiDownloadException))]
    [TestCase(typeof(LalalAiException))]
    [TestCase(typeof(LalalAiTaskException))]
    [TestCase(typeof(LalalAiAmbiguousStartException))]
    public void Table_of_error_types_is_complete(Type exception)
    {
        var errorType = LalalAiTelemetry.ErrorType((Exception)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(exception));

        Assert.That(Table("error type").Select(row => row[0]), Has.One.EqualTo($"`{errorType}`"));
    }

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> => "counter",
        UpDownCounter<long> => "up-down counter",
        _ => instrument.GetType().Name,
    };

    private void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == LalalAiTelemetry.Name)
        {
            lock (_instruments)
            {
                _instruments.Add(instrument, []);
            }

            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_instruments)
        {
            _instruments[instrument].UnionWith(tags.ToArray().Select(tag => tag.Key));
        }
    }

    /// <summary>The rows of the table whose first column has a name.</summary>
    private IEnumerable<string[]> Table(string firstColumn) =>
        _lines.SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
