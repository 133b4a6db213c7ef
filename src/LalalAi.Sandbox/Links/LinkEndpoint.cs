using System.Globalization;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Links;

/// <summary>
/// Serves the tracks behind download links, in the part of the service's CDN: an origin of its own that asks for no key, answers in plain text and
/// honours ranges.
/// </summary>
internal sealed class LinkEndpoint(LicenseRegistry licenses, LinkSigner signer, TrackStore tracks, SandboxOptions options)
{
    public async Task HandleAsync(HttpContext context)
    {
        var result = await FindAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (result.Name is { } name)
        {
            context.Response.Headers.ContentDisposition = DownloadName.ContentDisposition(name);
        }

        await result.Answer.ExecuteAsync(context).ConfigureAwait(false);
    }

    private static (IResult Answer, string? Name) Refuse(int status, string text) => (Results.Text(text, statusCode: status), null);

    private async Task<(IResult Answer, string? Name)> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            request.HttpContext.Response.Headers.Allow = "GET, HEAD";
            return Refuse(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
        }

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

        if (licenses.FindTask(taskId) is not { } task || (task.Source.Deleted is not null && now >= task.Source.FilesNeededUntil))
        {
            return Refuse(StatusCodes.Status404NotFound, "Not Found");
        }

        return await ServeAsync(task, label, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(IResult Answer, string? Name)> ServeAsync(SeparationTask task, string label, CancellationToken cancellationToken)
    {
        var index = task.Plan.Tracks.TakeWhile(track => track.Label != label).Count();
        var path = await tracks.GetAsync(task, index, cancellationToken).ConfigureAwait(false);
        var name = DownloadName.Create(task.Source.Name, label, (string?)task.Presets["encoder_format"]);

        // A track never changes, so its identity is all that a strong tag needs.
        var tag = new EntityTagHeaderValue($"\"{task.Id:N}-{index}\"");
        return (Results.File(path, DownloadName.ContentType(name), fileDownloadName: null, task.Completes, tag, enableRangeProcessing: true), name);
    }
}
