using System.Collections.ObjectModel;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Usage;

/// <summary>A request in the log. What is known of it grows; it is there before the client can see it.</summary>
internal sealed class RequestEntry
{
    private static readonly string[] RecordedHeaders =
        [HeaderNames.ContentType, HeaderNames.ContentDisposition, HeaderNames.Range, FaultPlans.Header];

    private readonly Lock _lock = new();
    private readonly RequestLog _log;
    private readonly TimeProvider _clock;
    private readonly string? _licenseKey;
    private readonly long _arrived;
    private RecordedRequest _known;
    private long _version;

    public RequestEntry(RequestLog log, TimeProvider clock, HttpContext context, string? operation, long number)
    {
        var request = context.Request;
        _log = log;
        _clock = clock;
        _arrived = clock.GetTimestamp();
        _licenseKey = request.Headers[ServiceHeaders.LicenseKey] is [{ } key] ? key : null;
        _version = log.NextVersion();
        _known = new RecordedRequest(
            clock.GetUtcNow(),
            operation,
            request.Method,
            request.Path.ToString(),
            _licenseKey is null ? null : MaskedKey.Of(_licenseKey),
            Status: null,
            RequestId: null,
            Faults: [])
        {
            Number = number,
            RequestSize = request.ContentLength,
        };
        context.Response.OnStarting(() =>
        {
            var response = context.Response;
            var id = response.Headers.TryGetValue(ServiceHeaders.RequestId, out var value) ? value.ToString() : null;
            Learn(known => known with { Status = response.StatusCode, RequestId = id, ResponseSize = response.ContentLength });
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

    /// <summary>The headers of the request that matter to its answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The JSON of the request; null when there was none, or it is no longer kept.</summary>
    public RecordedBody? RequestBody { get; private set; }

    /// <summary>The JSON of the response; null when there was none, or it is no longer kept.</summary>
    public RecordedBody? ResponseBody { get; private set; }

    /// <summary>What is known, if that has changed since a version of the log; null if it has not.</summary>
    public RecordedRequest? ChangedSince(long version)
    {
        lock (_lock)
        {
            return _version > version ? _known : null;
        }
    }

    public void Struck(string fault) => Learn(known => known with { Faults = [.. known.Faults, fault] });

    public void Starts(IReadOnlyList<string> idempotencyKeys)
    {
        if (idempotencyKeys.Count > 0)
        {
            Learn(known => known with { IdempotencyKeys = idempotencyKeys });
        }
    }

    public void Sent(IHeaderDictionary headers) =>
        Headers = RecordedHeaders.Where(headers.ContainsKey).ToDictionary(name => name, name => headers[name].ToString());

    public void Received(byte[] json) => _log.Keep(Known.Number, () => RequestBody = RecordedBody.Of(json, _licenseKey));

    public void Answered(byte[] json) => _log.Keep(Known.Number, () => ResponseBody = RecordedBody.Of(json, _licenseKey));

    public void Completed()
    {
        var duration = _clock.GetElapsedTime(_arrived);
        Learn(known => known with { Duration = duration });
    }

    /// <summary>Drops the bodies.</summary>
    /// <returns>How many bytes were kept of them.</returns>
    public int DropBodies()
    {
        var bytes = (RequestBody?.Bytes.Length ?? 0) + (ResponseBody?.Bytes.Length ?? 0);
        (RequestBody, ResponseBody) = (null, null);
        return bytes;
    }

    private void Learn(Func<RecordedRequest, RecordedRequest> learn)
    {
        lock (_lock)
        {
            // Under the lock: a reader that has seen this version of the log sees the change as well.
            _version = _log.NextVersion();
            _known = learn(_known);
        }
    }
}
