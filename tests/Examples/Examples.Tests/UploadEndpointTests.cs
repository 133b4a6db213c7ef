using System.Net;
using System.Net.ServerSentEvents;
using LalalAi.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using UploadEndpoint;

namespace Examples.Tests;

[CancelAfter(120_000)]
public sealed class UploadEndpointTests
{
    [Test]
    public async Task A_song_that_is_posted_can_be_followed_and_its_tracks_be_downloaded(CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = 10 }, cancellationToken);
        await using var example = ExampleProcess.Start("UploadEndpoint", sandbox, "--urls=http://127.0.0.1:0");
        using var http = await ConnectAsync(example, cancellationToken);
        using var song = new ByteArrayContent(SandboxSong.Create(TimeSpan.FromSeconds(1)));
        using var answer = await http.PostAsync("songs/song.wav", song, cancellationToken);

        var states = await FollowAsync(http, answer.Headers.Location!, cancellationToken);
        Assert.That(states[^1], Does.Contain("\"done\""));

        using var track = await http.GetAsync(answer.Headers.Location!.ToString().Replace("events", "tracks/vocals", StringComparison.Ordinal), cancellationToken);
        Assert.That(track.Content.Headers.ContentDisposition?.FileName, Is.Not.Null);
        Assert.That((await track.Content.ReadAsByteArrayAsync(cancellationToken)).Length, Is.GreaterThan(100_000));
    }

    [TestCase("fail-no_vocals.wav", HttpStatusCode.Accepted)]
    [TestCase("song.fault(status=400;code=exceeded_duration;on=start).wav", HttpStatusCode.PaymentRequired)]
    [TestCase("song.fault(status=403).wav", HttpStatusCode.BadGateway)]
    public async Task A_song_that_cannot_be_split_is_answered_so(string name, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        await using var example = ExampleProcess.Start("UploadEndpoint", sandbox, "--urls=http://127.0.0.1:0");
        using var http = await ConnectAsync(example, cancellationToken);
        using var song = new ByteArrayContent(SandboxSong.Create(TimeSpan.FromSeconds(1)));
        using var answer = await http.PostAsync("songs/" + Uri.EscapeDataString(name), song, cancellationToken);

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
        if (answer.Headers.Location is { } events)
        {
            Assert.That((await FollowAsync(http, events, cancellationToken))[^1], Does.Contain("\"failed\""));
        }
    }

    [Test]
    public async Task A_song_goes_on_to_the_service_before_it_is_here_as_a_whole(CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity }, cancellationToken);
        var goesOn = new TaskCompletionSource();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddTransient(_ => new Announcement(goesOn))
            .AddLalalAi(options => (options.BaseAddress, options.LicenseKey) = (sandbox.BaseAddress, sandbox.LicenseKey)).Api.AddHttpMessageHandler<Announcement>();
        await using var app = builder.Build();
        app.MapSongs();
        await app.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        // The second half is larger than what Kestrel takes by default.
        using var song = new HalvesContent(new byte[100_000], goesOn.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken), new byte[31_000_000]);
        using var answer = await http.PostAsync("songs/song.mp3", song, cancellationToken);

        Assert.That((int)answer.StatusCode, Is.EqualTo(202));
    }

    private static async Task<HttpClient> ConnectAsync(ExampleProcess example, CancellationToken cancellationToken) =>
        new() { BaseAddress = new Uri((await example.ReadAsync("Now listening on: ", cancellationToken)).Split(": ")[1]) };

    private static async Task<List<string>> FollowAsync(HttpClient http, Uri events, CancellationToken cancellationToken)
    {
        await using var body = await http.GetStreamAsync(events, cancellationToken);
        return await SseParser.Create(body).EnumerateAsync(cancellationToken).Select(item => item.Data).ToListAsync(cancellationToken);
    }

    /// <summary>Says when a request to the service is about to be sent.</summary>
    private sealed class Announcement(TaskCompletionSource goesOn) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            goesOn.TrySetResult();
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>A body whose second half is held back for a while.</summary>
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
