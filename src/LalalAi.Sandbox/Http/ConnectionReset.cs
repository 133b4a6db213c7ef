using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>No answer: the connection is reset.</summary>
internal sealed class ConnectionReset : IResult
{
    public static ConnectionReset Instance { get; } = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}
