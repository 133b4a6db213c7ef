using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>Answers every request to the API's origin: finds the operation, lets the caller in, validates the body and hands over.</summary>
internal sealed class ApiDispatcher(ApiOperations operations, LicenseRegistry licenses, ExpirySweep sweep)
{
    private const string LicenseKeyHeader = "X-License-Key";
    private const string RequestIdHeader = "x-request-id";

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers[RequestIdHeader] = Guid.NewGuid().ToString("N");
        var answer = await AnswerAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await answer.WriteAsync(context.Response, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task<ApiAnswer> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (operations.Find(request.Path.Value) is not { } operation)
        {
            return ErrorAnswers.NotFound;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            request.HttpContext.Response.Headers.Allow = HttpMethods.Post;
            return ErrorAnswers.MethodNotAllowed;
        }

        if (request.Headers[LicenseKeyHeader] is not [{ } key] || licenses.Find(key) is not { } license)
        {
            return ErrorAnswers.NoLicenseKey;
        }

        try
        {
            sweep.RunIfDue();
            return await InvokeAsync(operation, new ApiRequest(request, license, []), cancellationToken).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            return ErrorAnswers.Detail(exception.StatusCode, exception.Message);
        }
        catch (Exception exception)
        {
            // Whoever runs into a fault of the sandbox itself needs to see which.
            return ErrorAnswers.Detail(StatusCodes.Status500InternalServerError, $"The sandbox failed: {exception}");
        }
    }

    private static async Task<ApiAnswer> InvokeAsync(ApiOperation operation, ApiRequest request, CancellationToken cancellationToken)
    {
        if (operation.Admit(request) is { } refusal)
        {
            return refusal;
        }

        if (operation.Contract.RequestBody is { } schema)
        {
            var (body, error) = await JsonBody.ReadAsync(request.Http, schema, operation.Waive, cancellationToken).ConfigureAwait(false);
            if (error is not null)
            {
                return error;
            }

            request = request with { Body = body! };
        }

        return await operation.Handle(request, cancellationToken).ConfigureAwait(false);
    }
}
