using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;
using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>
/// Handles every request to the API's origin: finds the operation, applies faults, checks the license key, validates the body, and calls
/// the operation.
/// </summary>
internal sealed class ApiDispatcher(
    OperationRegistry operations,
    LicenseRegistry licenses,
    FaultPlanRegistry plans,
    RequestLog log,
    ExpiredFiles expired,
    TimeProvider clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers[ServiceHeaders.RequestId] = Guid.NewGuid().ToString("N");
        var operation = operations.Find(context.Request.Path.Value);
        var entry = log.Add(context, operation?.Name);
        try
        {
            var response = operation is null
                ? ErrorResponses.NotFound
                : await RespondAsync(context, operation, entry).ConfigureAwait(false);
            if (!context.RequestAborted.IsCancellationRequested)
            {
                await response.ExecuteAsync(context).ConfigureAwait(false);
            }
        }
        finally
        {
            entry.Completed();
        }
    }

    private async Task<IResult> RespondAsync(HttpContext context, ApiOperation operation, RequestEntry entry)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return ErrorResponses.MethodNotAllowed;
        }

        try
        {
            var license = FindLicense(request);
            var faults = new RequestFaults(context, operation.Name, entry, clock);
            var response = await faults.ApplyAsync(plans.Ordered).ConfigureAwait(false)
                ?? await faults.ApplyAsync(plans.InHeader(request)).ConfigureAwait(false)
                ?? await faults.ApplyAsync(license?.Faults).ConfigureAwait(false)
                ?? (license is null
                    ? ErrorResponses.NoLicenseKey
                    : await AdmitAsync(operation, new ApiRequest(request, license, faults, [])).ConfigureAwait(false));
            if (response is not ConnectionReset && operation.Contract.RequestBody is not null)
            {
                await JsonBody.LogAsync(request, context.RequestAborted).ConfigureAwait(false);
            }

            return response;
        }
        catch (FaultPlanException exception)
        {
            return ErrorResponses.Detail(StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (Exception exception)
        {
            return ErrorResponses.Failed(exception);
        }
    }

    private LicenseState? FindLicense(HttpRequest request)
    {
        if (request.Headers[ServiceHeaders.LicenseKey] is not [{ } key] || licenses.Find(key) is not { } license)
        {
            return null;
        }

        license.Usage.Requested();
        if (request.QueryString.Value!.Contains(Uri.EscapeDataString(key), StringComparison.Ordinal))
        {
            license.Usage.KeyMisplaced();
        }

        return license;
    }

    private async Task<IResult> AdmitAsync(ApiOperation operation, ApiRequest request)
    {
        expired.DeleteIfDue();
        if (operation.Admit(request) is { } refusal)
        {
            return refusal;
        }

        var cancellationToken = request.Http.HttpContext.RequestAborted;
        if (operation.Contract.RequestBody is { } schema)
        {
            var (body, error) = await JsonBody.ReadAsync(request.Http, schema, operation.Waive, cancellationToken).ConfigureAwait(false);
            if (error is not null)
            {
                return error;
            }

            request = request with { Body = body! };
            request.Faults.Log.Starts(request.IdempotencyKeys);
        }

        return await request.Faults.ApplyAsync(request.Sources).ConfigureAwait(false)
            ?? await operation.Handle(request, cancellationToken).ConfigureAwait(false);
    }
}
