using LalalAi;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace WebService;

/// <summary>
/// Songs in, tracks out. The service stores nothing: a task ID is all that is needed, also after a restart or on another machine.
/// </summary>
public static class SongEndpoints
{
    private const long LargestSong = 10_000_000_000;

    // A state that the client's own checks have seen recently is good enough, and costs no request.
    private static readonly CheckOptions Recent = new() { MaxAge = TimeSpan.FromSeconds(5) };

    public static void MapSongs(this IEndpointRouteBuilder routes)
    {
        var songs = routes.MapGroup("/songs");
        songs.MapMethods("/{name}", [HttpMethods.Post, HttpMethods.Put], StartAsync)
            .WithMetadata(new RequestSizeLimitAttribute(LargestSong));

        // States are JSON without download links. All requests share the client's checks, and stay within the service's limit.
        songs.MapGet("/{task}", (TaskId task, ILalalAiClient lalal, CancellationToken cancellationToken) =>
            lalal.CheckAsync(task, Recent, cancellationToken));
        songs.MapGet("/{task}/events", (TaskId task, ILalalAiClient lalal, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(lalal.WatchAsync(task, cancellationToken)));
        songs.MapGet("/{task}/tracks/{label}", DownloadAsync);
    }

    private static async Task<Accepted<StartedSong>> StartAsync(string name, HttpRequest request, ILalalAiClient lalal)
    {
        // The body is passed on while it is received. It cannot be rewound, so a broken upload is not retried here.
        var options = new UploadOptions { Length = request.ContentLength };
        var source = await lalal.UploadAsync(request.Body, name, options, cancellationToken: request.HttpContext.RequestAborted);

        // Not canceled with the request: a start that was sent is paid for, and its response is the task ID.
        var presets = new StemSeparatorPresets { Stem = Stem.Vocals };
        var task = await lalal.StartAsync(source.Id, presets, cancellationToken: CancellationToken.None);
        return TypedResults.Accepted($"/songs/{task}", new StartedSong(task, source.Duration));
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> DownloadAsync(
        TaskId task, string label, HttpContext context, ILalalAiClient lalal, CancellationToken cancellationToken)
    {
        var state = await lalal.CheckAsync(task, Recent, cancellationToken);
        if ((state as TaskSucceeded)?.Tracks.FirstOrDefault(track => track.Label == label) is not { } track)
        {
            return TypedResults.NotFound();
        }

        var single = context.Request.GetTypedHeaders().Range?.Ranges is { Count: 1 } ranges ? ranges.First() : null;
        var range = single?.From is { } from ? (First: from, Last: single.To) : (0, null);
        var content = await lalal.OpenReadAsync(track, range.First, cancellationToken);
        context.Response.RegisterForDisposeAsync(content);
        context.Response.Headers.AcceptRanges = "bytes";
        if (content.TotalBytes is { } total)
        {
            // A player that seeks asks for a range.
            var last = Math.Min(range.Last ?? long.MaxValue, total - 1);
            context.Response.ContentLength = last - range.First + 1;
            if (context.Response.ContentLength < total)
            {
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
                context.Response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(range.First, last, total);
            }
        }

        var length = context.Response.ContentLength;
        return TypedResults.Stream(
            body => StreamCopyOperation.CopyToAsync(content, body, length, cancellationToken), content.ContentType, content.FileName);
    }
}

/// <summary>A song that was accepted.</summary>
public sealed record StartedSong(TaskId Task, TimeSpan? Duration);
