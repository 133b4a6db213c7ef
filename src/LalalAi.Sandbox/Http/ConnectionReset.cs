using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Http;

/// <summary>Resets the connection instead of sending a response.</summary>
internal sealed class ConnectionReset : IResult
{
    public static ConnectionReset Instance { get; } = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Abort();
        return Task.CompletedTask;
    }
}
