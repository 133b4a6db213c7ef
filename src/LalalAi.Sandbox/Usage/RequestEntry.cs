using LalalAi.Sandbox.Contract;
using Microsoft.AspNetCore.Http;

namespace LalalAi.Sandbox.Usage;

/// <summary>A request in the log. What is known of it grows; it is there before the client can see it.</summary>
internal sealed class RequestEntry
{
    private const int ShownOfForeignKey = 4;

    private readonly Lock _lock = new();
    private RecordedRequest _known;

    public RequestEntry(HttpContext context, string? operation, DateTimeOffset time)
    {
        var request = context.Request;
        var key = request.Headers[ServiceHeaders.LicenseKey] is [{ } sent] ? Mask(sent) : null;
        _known = new RecordedRequest(
            time, operation, request.Method, request.Path.ToString(), key, Status: null, RequestId: null, Faults: []);
        context.Response.OnStarting(() =>
        {
            var id = context.Response.Headers.TryGetValue(ServiceHeaders.RequestId, out var value) ? value.ToString() : null;
            Learn(known => known with { Status = context.Response.StatusCode, RequestId = id });
            return Task.CompletedTask;
        });
    }

    public RecordedRequest Known
    {
        get
        {
            lock (_lock)
            {
                return _known;
            }
        }
    }

    public void Struck(string fault) => Learn(known => known with { Faults = [.. known.Faults, fault] });

    private static string Mask(string key) =>
        key.StartsWith("sandbox", StringComparison.Ordinal) || key.Length <= ShownOfForeignKey ? key : $"{key[..ShownOfForeignKey]}…";

    private void Learn(Func<RecordedRequest, RecordedRequest> learn)
    {
        lock (_lock)
        {
            _known = learn(_known);
        }
    }
}
