using System.Globalization;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Serves tracks at download links, like the service's CDN: a separate origin that needs no key, returns errors as plain text, and supports
/// ranges.
/// </summary>
internal sealed class LinkEndpoint(
    LicenseRegistry licenses,
    LinkSigner signer,
    TrackStore tracks,
    FaultPlanRegistry plans,
    RequestLog log,
    SandboxOptions options)
{
    /// <summary>The reason why a track is not in the requested format.</summary>
    private const string FormatHeader = "X-Sandbox-Format";

    private const string NameWithPath = "../../evil.wav";

    public async Task HandleAsync(HttpContext context)
    {
        var entry = log.Add(context, FaultScope.Download);
        try
        {
            var response = await RespondAsync(
                context, new RequestFaults(context, FaultScope.Download, entry, options.TimeProvider)).ConfigureAwait(false);
            await response.ExecuteAsync(context).ConfigureAwait(false);
        }
        finally
        {
            entry.Completed();
        }
    }

    private static IResult Refuse(int status, string text) => Results.Text(text, statusCode: status);

    private async Task<IResult> RespondAsync(HttpContext context, RequestFaults faults)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Refuse(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
        }

        try
        {
            return await faults.ApplyAsync(plans.Ordered).ConfigureAwait(false)
                ?? await faults.ApplyAsync(plans.InHeader(request)).ConfigureAwait(false)
                ?? await FindAsync(request, faults).ConfigureAwait(false);
        }
        catch (FaultPlanException exception)
        {
            return Refuse(StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    private async Task<IResult> FindAsync(HttpRequest request, RequestFaults faults)
    {
        if (request.Path.Value!.Split('/') is not ["", var id, var signature, var label] || !Guid.TryParseExact(id, "D", out var taskId))
        {
            return Refuse(StatusCodes.Status404NotFound, "Not Found");
        }

        var now = options.TimeProvider.GetUtcNow();
        if (!long.TryParse(request.Query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !signer.Verify(signature, taskId, label, expires))
        {
            return Refuse(StatusCodes.Status403Forbidden, "The signature does not match.");
        }

        if (now.ToUnixTimeSeconds() >= expires)
        {
            return Refuse(StatusCodes.Status403Forbidden, "The link has expired.");
        }

        if (licenses.FindTask(taskId) is not var (license, task)
            || (task.Source.Deleted is not null && now >= task.Source.FilesNeededUntil))
        {
            return Refuse(StatusCodes.Status404NotFound, "Not Found");
        }

        if (request.Headers.ContainsKey(ServiceHeaders.LicenseKey))
        {
            license.Usage.KeyMisplaced();
        }

        return await faults.ApplyAsync(license.Faults).ConfigureAwait(false)
            ?? await faults.ApplyAsync([task.Source]).ConfigureAwait(false)
            ?? await ServeAsync(request.HttpContext, license, task, label, faults).ConfigureAwait(false);
    }

    private async Task<IResult> ServeAsync(
        HttpContext context,
        LicenseState license,
        SeparationTask task,
        string label,
        RequestFaults faults)
    {
        license.Usage.Downloaded();
        var behavior = options.Behavior;
        var index = task.Plan.Tracks.TakeWhile(track => track.Label != label).Count();
        if (await GetTrackAsync(context, license, task, index).ConfigureAwait(false) is not { } track)
        {
            return Refuse(StatusCodes.Status404NotFound, task.Failure?.Detail ?? "Not Found");
        }

        var name = DownloadName.Create(task.Source.Name, label, track.Extension);
        if (faults.Find(FaultKind.MissingFileName) is null)
        {
            var sent = faults.Find(FaultKind.FileName) is { } fault ? fault.Text ?? NameWithPath : name;
            context.Response.Headers.ContentDisposition = DownloadName.ContentDisposition(sent);
        }

        if (track.Note is not null)
        {
            context.Response.Headers[FormatHeader] = new string([.. track.Note.Select(character => char.IsBetween(character, ' ', '~')
                ? character
                : '?')]);
        }

        var tag = TagOf(task, index);
        var ifRange = context.Request.Headers.IfRange;
        var ranges = faults.Find(FaultKind.IgnoreRange) is null && behavior?.LinksSupportRanges != false;
        if (behavior?.LinksHonorIfRange == false)
        {
            context.Request.Headers.IfRange = default;
        }
        else if (tag is null && ifRange.Count > 0)
        {
            ranges = false;
        }

        if (behavior?.LinksHaveLastModified == false)
        {
            // Without a time, the framework sends the time of the file.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.LastModified = default;
                return Task.CompletedTask;
            });
        }

        return Results.File(track.Path, track.ContentType, fileDownloadName: null, task.Completes, tag, enableRangeProcessing: ranges);
    }

    // A track never changes, so its ID is a valid strong tag.
    private EntityTagHeaderValue? TagOf(SeparationTask task, int index) => options.Behavior?.LinkEntityTag is EntityTagKind.None
        ? null
        : new EntityTagHeaderValue($"\"{task.Id:N}-{index}\"", isWeak: options.Behavior?.LinkEntityTag is EntityTagKind.Weak);

    private async Task<TrackFile?> GetTrackAsync(HttpContext context, LicenseState license, SeparationTask task, int index)
    {
        try
        {
            return await tracks.GetAsync(task, index, context.RequestAborted).ConfigureAwait(false);
        }
        catch (MediaException exception)
        {
            license.Fail(task, exception.Message);
            return null;
        }
    }
}
