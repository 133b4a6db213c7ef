using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary><c>/upload/</c>: stores the raw bytes of a file.</summary>
internal sealed class UploadEndpoint(SourceStore sources, FaultPlanRegistry plans)
{
    private static readonly ValidationDetail NameMissing = new(["header", HeaderNames.ContentDisposition], "Field required", "missing");

    private static readonly ValidationDetail NameUnreadable = new(
        ["header", HeaderNames.ContentDisposition],
        "Input should be 'attachment; filename=<filename>' (see RFC 6266)",
        "value_error");

    private static readonly ValidationDetail NotRawBytes = new(
        ["body"],
        "Input should be the raw bytes of the file, not a form",
        "value_error");

    public void AddTo(OperationRegistry operations) => operations.Add("upload/", HandleAsync);

    private async Task<IResult> HandleAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var headers = request.Http.Headers;
        if (headers.ContentDisposition.Count == 0)
        {
            return ErrorResponses.Unprocessable(NameMissing);
        }

        if (UploadName.TryParse(headers.ContentDisposition) is not { } name)
        {
            return ErrorResponses.Unprocessable(NameUnreadable);
        }

        if (request.Http.ContentLength > request.License.Options.MaxUploadBytes)
        {
            return ErrorResponses.BadRequest(Refusal.TooLarge);
        }

        var plan = plans.InFileName(name);
        return await request.Faults.ApplyAsync(plan).ConfigureAwait(false)
            ?? await StoreAsync(request, name, plan, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IResult> StoreAsync(ApiRequest request, string name, FaultPlan? plan, CancellationToken cancellationToken)
    {
        var head = new byte[FormBody.HeadLength];
        var length = await request.Http.Body.ReadAtLeastAsync(
            head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (FormBody.IsForm(request.Http.ContentType, head.AsSpan(0, length)))
        {
            return ErrorResponses.Unprocessable(NotRawBytes);
        }

        if (length == 0)
        {
            return ErrorResponses.Unprocessable(ValidationDetail.MissingBody);
        }

        var upload = new Upload(name, head.AsMemory(0, length), request.Http.Body);
        var (source, refusal) = await sources.AddAsync(request.License, upload, plan, cancellationToken).ConfigureAwait(false);
        return source is null ? ErrorResponses.BadRequest(refusal!) : Describe(source, request.Faults.HasUndocumentedValues(source: null));
    }

    private static ApiResponse Describe(Source source, bool enhanced) => ApiResponse.Ok(new JObject
    {
        ["id"] = source.Id.ToString(),
        ["name"] = source.Name,
        ["size"] = source.Size,
        ["duration"] = source.Media.DurationSeconds,
        ["expires"] = enhanced ? UndocumentedValues.Number(source.Expires.ToUnixTimeSeconds()) : source.Expires.ToUnixTimeSeconds(),
    });
}
