using System.Runtime.CompilerServices;
using LalalAi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace UploadEndpoint;

/// <summary>Songs in, tracks out. Nothing is kept here: a task's id is all that it takes to go on, also after a restart or on another machine.</summary>
public static class SongEndpoints
{
    private const long LargestSong = 10_000_000_000;

    public static void MapSongs(this IEndpointRouteBuilder routes)
    {
        var songs = routes.MapGroup("/songs");
        songs.MapMethods("/{name}", [HttpMethods.Post, HttpMethods.Put], StartAsync).WithMetadata(new RequestSizeLimitAttribute(LargestSong));
        songs.MapGet("/{task:guid}/events", (Guid task, ILalalAiClient lalal, CancellationToken cancellationToken) => TypedResults.ServerSentEvents(FollowAsync(task, lalal, cancellationToken)));
        songs.MapGet("/{task:guid}/tracks/{label}", DownloadAsync);
    }

    private static async Task<Accepted<StartedSong>> StartAsync(string name, HttpRequest request, ILalalAiClient lalal)
    {
        // The body goes on to the service as it comes in. A stream that cannot be rewound is sent once; whoever sent it has to repeat it.
        var source = await lalal.UploadAsync(
            request.Body, name, new UploadOptions { Length = request.ContentLength }, cancellationToken: request.HttpContext.RequestAborted);

        // Not cancelled when the caller leaves: a start that was sent is paid for, and its answer is the id.
        var task = await lalal.StartAsync(source.Id, new StemSeparatorPresets { Stem = Stem.Vocals }, cancellationToken: CancellationToken.None);
        return TypedResults.Accepted($"/songs/{task}/events", new StartedSong(task.Value, source.Duration, $"/songs/{task}/events"));
    }

    private static async IAsyncEnumerable<SongState> FollowAsync(Guid task, ILalalAiClient lalal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Any number of followers cost what one costs: all waits of a client share their checks.
        await foreach (var state in lalal.WatchAsync(new TaskId(task.ToString()), cancellationToken))
        {
            yield return state switch
            {
                TaskInProgress { IsQueued: true } => new SongState("queued", 0),
                TaskInProgress running => new SongState("running", running.Percent),
                TaskSucceeded done => new SongState("done", 100) { Tracks = [.. done.Tracks.Select(track => $"/songs/{task}/tracks/{Uri.EscapeDataString(track.Label)}")] },
                _ => new SongState("failed") { Error = new LalalAiTaskException(state).Message },
            };
        }
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> DownloadAsync(Guid task, string label, ILalalAiClient lalal, CancellationToken cancellationToken)
    {
        var id = new TaskId(task.ToString());
        var state = await lalal.CheckAsync(id, cancellationToken: cancellationToken);
        return (state as TaskSucceeded)?.Tracks.FirstOrDefault(track => track.Label == label) is { } track
            ? TypedResults.Stream(body => lalal.DownloadAsync(track, body, cancellationToken: cancellationToken), fileDownloadName: track.FileName ?? label)
            : TypedResults.NotFound();
    }
}

/// <summary>A song that was taken, and where to see how far it is.</summary>
public sealed record StartedSong(string Task, TimeSpan? Duration, string Events);

/// <summary>How far a song is, with the addresses of its tracks once they are there.</summary>
public sealed record SongState(string Status, int? Percent = null)
{
    public IReadOnlyList<string> Tracks { get; init; } = [];

    public string? Error { get; init; }
}
