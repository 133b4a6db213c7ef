using LalalAi.Sandbox.Usage;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>A status code and a JSON body.</summary>
internal sealed record ApiResponse(int Status, JToken Body) : IResult
{
    public static ApiResponse Ok(JObject body) => new(StatusCodes.Status200OK, body);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        var text = System.Text.Encoding.UTF8.GetBytes(Body.ToString(Formatting.None));
        response.ContentLength = text.Length;
        httpContext.Features.Get<RequestEntry>()?.Answered(text);
        await response.Body.WriteAsync(text, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
