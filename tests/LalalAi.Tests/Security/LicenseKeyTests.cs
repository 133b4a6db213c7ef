using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LalalAi.Tests.Security;

/// <summary>The license key goes to the API's own origin, and nowhere else: not to links, not through redirects, not into logs, exceptions, traces or metrics.</summary>
public sealed class LicenseKeyTests
{
    private const string Key = "key-that-must-not-be-seen-4711";

    private readonly ConcurrentBag<(string Server, string Path, string? Key)> _requests = [];

    private WebApplication _api = null!;
    private WebApplication _elsewhere = null!;
    private string _directory = null!;

    [SetUp]
    public async Task Start_an_api_that_fails_in_every_way_and_a_place_elsewhere()
    {
        _requests.Clear();
        _directory = Directory.CreateTempSubdirectory("lalalai-key").FullName;
        _elsewhere = await StartAsync("elsewhere", _ => Results.Bytes([1, 2, 3]));
        _api = await StartAsync("api", context => context.Request.Path.Value switch
        {
            "/api/v1/limits/minutes_left/" => Results.Redirect(Address(_elsewhere) + "stolen/", preserveMethod: true),
            "/api/v1/upload/" => Results.Content("<html>Bad gateway</html>", "text/html", statusCode: 502),
            "/api/v1/split/demuser/" => Results.Json(new { detail = $"The key {context.Request.Headers["X-License-Key"].ToString().Length} is no good", code = "exceeded_duration" }, statusCode: 400),
            "/api/v1/voice_packs/list/" => Results.Json(new { detail = "Provide license key in 'X-License-Key' header" }, statusCode: 403),
            "/api/v1/cancel/all/" => Results.Content("""{ "result": """, "application/json"),
            "/api/v1/delete/" => Results.Json(new { detail = new[] { new { loc = new[] { "body", "source_id" }, msg = "bad", type = "uuid" } } }, statusCode: 422),
            _ => Results.StatusCode(500),
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
            Url = new Uri(Address(_elsewhere) + "track.wav"),
        };
        await client.DownloadAsync(track, _directory);

        Assert.That(_requests.Where(request => request.Server == "api").Select(request => request.Key), Is.Not.Empty.And.All.EqualTo(Key));
        Assert.That(_requests.Where(request => request.Server == "elsewhere").Select(request => request.Path), Is.EqualTo(new[] { "/track.wav" }), "The redirect was not followed.");
        Assert.That(_requests.Where(request => request.Server == "elsewhere").Select(request => request.Key), Has.All.Null);
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
        options.BaseAddress = new Uri(Address(_api));
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

    private async Task<WebApplication> StartAsync(string name, Func<HttpContext, IResult> response)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            _requests.Add((name, context.Request.Path.Value!, context.Request.Headers.TryGetValue("X-License-Key", out var key) ? key.ToString() : null));
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.Headers["x-request-id"] = "0123456789abcdef0123456789abcdef";
            await response(context).ExecuteAsync(context);
        });
        await server.StartAsync();
        return server;
    }

    private static string Address(WebApplication server) => server.Urls.Single() + "/";

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
