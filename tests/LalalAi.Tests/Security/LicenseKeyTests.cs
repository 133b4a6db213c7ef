using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LalalAi.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LalalAi.Tests.Security;

/// <summary>The license key goes to the API's own origin, and nowhere else: not to links, not through redirects, not into logs, exceptions, traces or metrics.</summary>
public sealed class LicenseKeyTests
{
    private const string Key = "key-that-must-not-be-seen-4711";

    private ScriptedServer _api = null!;
    private ScriptedServer _elsewhere = null!;
    private string _directory = null!;

    [SetUp]
    public void Start_an_api_that_fails_in_every_way_and_a_place_elsewhere()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-key").FullName;
        _elsewhere = ScriptedServer.StartReading(_ => new ScriptedResponse { Content = [1, 2, 3] });
        _api = ScriptedServer.StartReading(request => Respond(request.Path) with
        {
            Headers = ["x-request-id: 0123456789abcdef0123456789abcdef", $"Location: {_elsewhere.Address}stolen/"],
        });
    }

    [TearDown]
    public async Task Stop()
    {
        await _api.DisposeAsync();
        await _elsewhere.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task License_key_is_sent_to_the_API_and_appears_nowhere_else(bool byServiceCollection)
    {
        var seen = new ConcurrentBag<string>();
        using var listener = Listen(seen);
        using var meters = Measure(seen);
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new Collecting(seen)));
        await using var provider = byServiceCollection ? Services(logs).BuildServiceProvider(validateScopes: true) : null;
        await using var client = provider?.GetRequiredService<ILalalAiClient>() ?? new LalalAiClient(Configure(new LalalAiClientOptions { LoggerFactory = logs }));

        await ProvokeAsync(client, seen);

        var track = new TaskTrack
        {
            TaskId = new TaskId("7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34"),
            Label = "vocals",
            Type = TrackType.Stem,
            Url = new Uri(_elsewhere.Address, "track.wav"),
        };
        await client.DownloadAsync(track, _directory);

        Assert.That(_api.Requests.Select(request => request.Headers["X-License-Key"]), Is.Not.Empty.And.All.EqualTo(Key));
        Assert.That(_elsewhere.Requests.Select(request => request.Path), Is.EqualTo(new[] { "/track.wav" }), "The redirect was not followed.");
        Assert.That(_elsewhere.Requests.Single().Headers.Keys, Has.None.EqualTo("X-License-Key").IgnoreCase);
        Assert.That(seen, Is.Not.Empty);
        Assert.That(seen.Where(text => text.Contains(Key, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Redirect_of_an_API_call_fails_with_advice()
    {
        await using var client = new LalalAiClient(Configure(new LalalAiClientOptions()));

        var exception = await Assert.ThrowsAsync<LalalAiApiException>(() => client.GetMinutesLeftAsync());

        Assert.That(exception!.StatusCode, Is.EqualTo(307));
        Assert.That(exception.Message, Does.Contain("base address"));
    }

    private static async Task ProvokeAsync(ILalalAiClient client, ConcurrentBag<string> seen)
    {
        var source = new SourceId("3f0b6c1e-9a52-4d0f-8c36-2f1d9f0a7b11");
        foreach (var call in new Func<Task>[]
        {
            () => client.GetMinutesLeftAsync(),
            () => client.UploadAsync(new byte[] { 1 }, "song.wav"),
            () => client.StartAsync(source, new DemuserPresets()),
            () => client.StartAsync(source, new VoiceCleanPresets()),
            () => client.GetVoicePacksAsync(),
            () => client.CancelAllAsync(),
            () => client.DeleteSourceAsync(source),
        })
        {
            var exception = await Assert.CatchAsync<LalalAiException>(call);
            seen.Add(exception!.ToString());
            seen.Add(string.Join(' ', exception.Data.Values.Cast<object>()));
        }

        seen.Add(client.ToString()!);
    }

    private LalalAiClientOptions Configure(LalalAiClientOptions options)
    {
        options.BaseAddress = _api.Address;
        options.LicenseKey = Key;
        options.MaxRetries = 1;
        options.RetryDelay = TimeSpan.Zero;
        return options;
    }

    private ServiceCollection Services(ILoggerFactory logs)
    {
        var services = new ServiceCollection();
        services.AddSingleton(logs);
        services.AddLogging();
        services.AddSingleton(logs);
        services.AddLalalAi(options => Configure(options));
        return services;
    }

    private static ScriptedResponse Respond(string path) => path switch
    {
        "/api/v1/limits/minutes_left/" => new ScriptedResponse { Status = 307 },
        "/api/v1/upload/" => new ScriptedResponse { Status = 502, Body = "<html>Bad gateway</html>", ContentType = "text/html" },
        "/api/v1/split/demuser/" => ApiReply.Error(400, "exceeded_duration"),
        "/api/v1/voice_packs/list/" => new ScriptedResponse { Status = 403, Body = """{ "detail": "Provide license key in 'X-License-Key' header" }""" },
        "/api/v1/cancel/all/" => new ScriptedResponse { Body = """{ "result": """ },
        "/api/v1/delete/" => new ScriptedResponse { Status = 422, Body = """{ "detail": [{ "loc": ["body", "source_id"], "msg": "bad", "type": "uuid" }] }""" },
        _ => new ScriptedResponse { Status = 500 },
    };

    private static ActivityListener Listen(ConcurrentBag<string> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Add($"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(happening => happening.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Measure(ConcurrentBag<string> seen)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, owner) => owner.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray())}"));
        listener.Start();
        return listener;
    }

    private sealed class Collecting(ConcurrentBag<string> seen) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            seen.Add(state.ToString()!);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            seen.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
