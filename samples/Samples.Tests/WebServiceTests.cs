using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using LalalAi;
using LalalAi.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WebService;

namespace Samples.Tests;

[CancelAfter(TestLimit.Milliseconds)]
public sealed class WebServiceTests
{
    [Test]
    public async Task Service_streams_states_and_serves_tracks(CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 10 }, cancellationToken);
        await using var sample = SampleProcess.Start("WebService", sandbox, "--urls=http://127.0.0.1:0");
        using var http = await ConnectAsync(sample, cancellationToken);
        using var song = new ByteArrayContent(SandboxSong.Create(TimeSpan.FromSeconds(1)));
        using var response = await http.PostAsync("songs/song.wav", song, cancellationToken);
        var url = response.Headers.Location!.ToString();
        var states = await FollowAsync(http, url, cancellationToken);
        var state = await http.GetFromJsonAsync<TaskState>(url, cancellationToken);

        Assert.That(states[^1], Is.InstanceOf<TaskSucceeded>());
        Assert.That(state, Is.EqualTo(states[^1]));

        using var track = await http.GetAsync($"{url}/tracks/vocals", cancellationToken);
        var bytes = await track.Content.ReadAsByteArrayAsync(cancellationToken);
        Assert.That(track.Content.Headers.ContentDisposition?.FileName, Is.Not.Null);
        Assert.That(bytes, Has.Length.GreaterThan(100_000).And.Length.EqualTo(track.Content.Headers.ContentLength));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/tracks/vocals") { Headers = { Range = new(1000, 1999) } };
        using var part = await http.SendAsync(request, cancellationToken);
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(part.Content.Headers.ContentRange, Is.EqualTo(new ContentRangeHeaderValue(1000, 1999, bytes.Length)));
        Assert.That(await part.Content.ReadAsByteArrayAsync(cancellationToken), Is.EqualTo(bytes[1000..2000]));
    }

    [TestCase("fail-no_vocals.wav", HttpStatusCode.Accepted)]
    [TestCase("song.fault(status=400;code=exceeded_duration;on=start).wav", HttpStatusCode.PaymentRequired)]
    [TestCase("song.fault(status=403).wav", HttpStatusCode.BadGateway)]
    public async Task Service_answers_what_is_wrong_with_a_song(string name, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var sample = SampleProcess.Start("WebService", sandbox, "--urls=http://127.0.0.1:0");
        using var http = await ConnectAsync(sample, cancellationToken);
        using var song = new ByteArrayContent(SandboxSong.Create(TimeSpan.FromSeconds(1)));
        using var response = await http.PostAsync("songs/" + Uri.EscapeDataString(name), song, cancellationToken);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        if (response.Headers.Location is { } url)
        {
            Assert.That((await FollowAsync(http, url.ToString(), cancellationToken))[^1], Is.InstanceOf<TaskFailed>());
        }
    }

    [Test]
    public async Task Service_passes_a_song_on_while_it_is_received(CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        var isSending = new TaskCompletionSource();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddTransient(_ => new Announcement(isSending))
            .AddLalalAi(options => (options.BaseAddress, options.LicenseKey) = (sandbox.BaseAddress, sandbox.LicenseKey))
            .Api.AddHttpMessageHandler<Announcement>();
        await using var app = builder.Build();
        app.MapSongs();
        await app.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        // The second half is larger than Kestrel's default limit.
        using var song = new HalvesContent(new byte[100_000], isSending.Task.WaitAsync(cancellationToken), new byte[31_000_000]);
        using var response = await http.PostAsync("songs/song.mp3", song, cancellationToken);

        Assert.That((int)response.StatusCode, Is.EqualTo(202));
    }

    private static async Task<HttpClient> ConnectAsync(TestProcess sample, CancellationToken cancellationToken) =>
        new() { BaseAddress = new Uri((await sample.ReadLineAsync("Now listening on: ", cancellationToken)).Split(": ")[1]) };

    private static async Task<List<TaskState>> FollowAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        await using var body = await http.GetStreamAsync($"{url}/events", cancellationToken);
        return await SseParser.Create(body, (_, data) => JsonSerializer.Deserialize<TaskState>(data)!)
            .EnumerateAsync(cancellationToken).Select(item => item.Data).ToListAsync(cancellationToken);
    }

    /// <summary>Signals that a request to the service is about to be sent.</summary>
    private sealed class Announcement(TaskCompletionSource isSending) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            isSending.TrySetResult();
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A body whose second half is sent when a task has completed.</summary>
    private sealed class HalvesContent(byte[] first, Task between, byte[] second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first);
            await stream.FlushAsync();
            await between;
            await stream.WriteAsync(second);
        }

        protected override bool TryComputeLength(out long length) => (length = first.Length + second.Length) > 0;
    }
}
