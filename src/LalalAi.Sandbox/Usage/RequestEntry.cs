using System.Text;
using LalalAi.Sandbox.Contract;
using LalalAi.Sandbox.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LalalAi.Sandbox.Usage;

/// <summary>A request in the log. Its properties are set while it is handled, and before the client receives the response.</summary>
internal sealed class RequestEntry
{
    private readonly Lock _lock = new();
    private readonly RequestLog _log;
    private readonly TimeProvider _clock;
    private readonly string? _licenseKey;
    private readonly (string? ContentType, string? ContentDisposition, string? Range, string? Fault) _headers;
    private readonly long _arrived;
    private KeptBody? _requestBody;
    private KeptBody? _responseBody;
    private RecordedRequest _known;
    private long _version;

    public RequestEntry(RequestLog log, TimeProvider clock, HttpContext context, string? operation, long number)
    {
        var request = context.Request;
        _log = log;
        _clock = clock;
        _arrived = clock.GetTimestamp();
        _licenseKey = request.Headers[ServiceHeaders.LicenseKey] is [{ } key] ? key : null;
        var headers = request.Headers;
        _headers = (headers.ContentType, headers.ContentDisposition, headers.Range, headers[FaultPlanRegistry.Header]);
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

    /// <summary>The headers that affect the response, without the license key.</summary>
    public IReadOnlyDictionary<string, string> Headers => new (string Name, string? Value)[]
    {
        (HeaderNames.ContentType, _headers.ContentType),
        (HeaderNames.ContentDisposition, _headers.ContentDisposition),
        (HeaderNames.Range, _headers.Range),
        (FaultPlanRegistry.Header, _headers.Fault),
    }.Where(header => header.Value is not null).ToDictionary(header => header.Name, header => header.Value!);

    /// <summary>Whether the JSON of the request was read.</summary>
    public bool HasRequestBody => _requestBody is not null;

    /// <summary>The JSON of the request; null when there was none, or it is no longer kept.</summary>
    public RecordedBody? RequestBody => Read(_requestBody);

    /// <summary>The JSON of the response; null when there was none, or it is no longer kept.</summary>
    public RecordedBody? ResponseBody => Read(_responseBody);

    /// <summary>The recorded request if it has changed since a version of the log; otherwise null.</summary>
    public RecordedRequest? ChangedSince(long version)
    {
        lock (_lock)
        {
            return _version > version ? _known : null;
        }
    }

    public void Applied(string fault) => Learn(known => known with { Faults = [.. known.Faults, fault] });

    public void Starts(IReadOnlyList<string> idempotencyKeys)
    {
        if (idempotencyKeys.Count > 0)
        {
            Learn(known => known with { IdempotencyKeys = idempotencyKeys });
        }
    }

    public void Received(byte[] json) => _requestBody = _log.Keep(json);

    public void Answered(byte[] json) => _responseBody = _log.Keep(json);

    public void Completed()
    {
        var duration = _clock.GetElapsedTime(_arrived);
        Learn(known => known with { Duration = duration });
    }

    private RecordedBody? Read(KeptBody? body)
    {
        if (body is not { } kept || _log.Read(kept) is not { } json)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(json);
        text = _licenseKey is { Length: > 0 } key ? text.Replace(key, MaskedKey.Of(key), StringComparison.Ordinal) : text;
        return new RecordedBody(text, kept.Length, IsCut: kept.Kept < kept.Length);
    }

    private void Learn(Func<RecordedRequest, RecordedRequest> learn)
    {
        lock (_lock)
        {
            // Under the lock, so that a reader of this version of the log also sees the change.
            _version = _log.NextVersion();
            _known = learn(_known);
        }
    }
}
