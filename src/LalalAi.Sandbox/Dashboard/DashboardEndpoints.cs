using System.Globalization;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Http;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The endpoints of the page, in addition to the public control calls.</summary>
internal sealed class DashboardEndpoints(
    DashboardFeed feed,
    LicenseRegistry licenses,
    TrackStore tracks,
    RequestLog log,
    FaultGrammar grammar,
    AccessRules access)
{
    // A file can contain HTML, so browsers must neither sniff its type nor run it.
    private const string FilePolicy = "sandbox; default-src 'none'";

    private readonly TrackPreviews _previews = new(tracks);

    /// <summary>Answers a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="path">Its path below the root of control calls.</param>
    /// <returns>Null when there is no such call.</returns>
    public async Task<IResult?> RespondAsync(HttpRequest request, string path)
    {
        try
        {
            return (request.Method, path.Split('/')) switch
            {
                ("GET", ["events"]) => TypedResults.ServerSentEvents(feed.ReadAsync(request.HttpContext.RequestAborted)),
                ("POST", ["session"]) => StartSession(request),
                ("GET", ["faults", "code"]) => DescribeFaults(request.Query["faults"].ToString()),
                ("GET", ["requests", var number]) => DescribeRequest(request, number),
                ("GET", ["tasks", var id]) when Find(id) is var (license, task) =>
                    await DescribeTaskAsync(license, task, request.HttpContext.RequestAborted).ConfigureAwait(false),
                ("GET", ["tasks", var id, var track, var what])
                    when Find(id) is var (license, task) && TryFindTrack(task, track, out var index) =>
                    await SendAsync(request, license, task, index, what).ConfigureAwait(false),
                _ => null,
            };
        }
        catch (MediaException exception)
        {
            return ErrorResponses.Detail(StatusCodes.Status404NotFound, exception.Message);
        }
    }

    // Access was checked before: the call carries the token or needs none.
    private IResult StartSession(HttpRequest request)
    {
        request.HttpContext.Response.Cookies.Append(
            AccessRules.ControlTokenCookie(request),
            access.ControlToken,
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = AccessRules.ControlPath });
        return Results.NoContent();
    }

    private ApiResponse DescribeFaults(string text) => ApiResponse.Ok(new()
    {
        ["code"] = string.Join('\n', grammar.Parse(text, times: 1).Select(FaultCode.Write)),
    });

    private ApiResponse? DescribeRequest(HttpRequest request, string number)
    {
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || log.Find(value) is not { } entry)
        {
            return null;
        }

        return new ApiResponse(StatusCodes.Status200OK, ControlJson.ToToken(new
        {
            Request = entry.Known,
            entry.Headers,
            entry.RequestBody,
            entry.ResponseBody,
            Curl = CurlCommand.Create(new Uri($"{request.Scheme}://{request.Host}"), entry),
        }));
    }

    private (LicenseState License, SeparationTask Task)? Find(string id) =>
        Guid.TryParse(id, out var taskId) ? licenses.FindTask(taskId) : null;

    private static bool TryFindTrack(SeparationTask task, string name, out int? index)
    {
        index = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return name == "source" || index < task.Plan.Tracks.Count;
    }

    private async Task<IResult> DescribeTaskAsync(LicenseState license, SeparationTask task, CancellationToken cancellationToken)
    {
        var files = task.StatusAt(license.Options.TimeProvider.GetUtcNow()) == SeparationStatus.Succeeded
            ? await FailingAsync(license, task, () => tracks.DescribeAsync(task, cancellationToken)).ConfigureAwait(false)
            : null;
        return new ApiResponse(StatusCodes.Status200OK, ControlJson.ToToken(new
        {
            Tracks = task.Plan.Tracks.Select((track, index) => new
            {
                track.Label,
                track.Type,
                FileName = files is null ? null : DownloadName.Create(task.Source.Name, track.Label, files[index].Extension),
                files?[index].Size,
                files?[index].Note,
            }),
        }));
    }

    private async Task<IResult?> SendAsync(HttpRequest request, LicenseState license, SeparationTask task, int? track, string what)
    {
        var cancellationToken = request.HttpContext.RequestAborted;
        if (track is not null && task.StatusAt(license.Options.TimeProvider.GetUtcNow()) != SeparationStatus.Succeeded)
        {
            throw new MediaException("The task has no tracks, or not yet.");
        }

        switch (what)
        {
            case "preview":
                var preview = await FailingAsync(
                    license, task, () => _previews.GetAsync(task, track, cancellationToken)).ConfigureAwait(false);
                return new ApiResponse(StatusCodes.Status200OK, ControlJson.ToToken(preview));
            case "samples" when long.TryParse(request.Query["first"], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(request.Query["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                return Results.Bytes(await _previews.ReadAsync(task, track, first, count, cancellationToken).ConfigureAwait(false));
            case "file":
                return await SendFileAsync(request, task, track).ConfigureAwait(false);
            default:
                return null;
        }
    }

    private async Task<IResult> SendFileAsync(HttpRequest request, SeparationTask task, int? track)
    {
        var source = task.Source;
        var file = track is { } index
            ? await tracks.GetAsync(task, index, request.HttpContext.RequestAborted).ConfigureAwait(false)
            : new TrackFile(source.Path, "", source.Media.Format.ContentType, source.Size);
        if (!File.Exists(file.Path))
        {
            throw new MediaException("The file is no longer there.");
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = FilePolicy;
        headers.ContentDisposition = DownloadName.ContentDisposition(
            track is null ? source.Name : DownloadName.Create(source.Name, task.Plan.Tracks[track.Value].Label, file.Extension));
        return Results.File(file.Path, file.ContentType, enableRangeProcessing: true);
    }

    /// <summary>Creates tracks. If that fails, the task fails, as in a check.</summary>
    private static async Task<T> FailingAsync<T>(LicenseState license, SeparationTask task, Func<Task<T>> make)
    {
        try
        {
            return await make().ConfigureAwait(false);
        }
        catch (MediaException exception)
        {
            license.Fail(task, exception.Message);
            throw;
        }
    }
}
