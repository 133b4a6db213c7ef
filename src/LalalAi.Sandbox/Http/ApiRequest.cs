using LalalAi.Sandbox.Faults;
using LalalAi.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Http;

/// <summary>A request with an accepted license key.</summary>
/// <param name="Http">The HTTP request.</param>
/// <param name="License">The state of its license key.</param>
/// <param name="Faults">The faults that apply to it.</param>
/// <param name="Body">The valid JSON body; empty for an operation that takes none or takes raw bytes.</param>
internal sealed record ApiRequest(HttpRequest Http, LicenseState License, RequestFaults Faults, JObject Body)
{
    private const string SourceId = "source_id";
    private const string TaskIds = "task_ids";
    private const string IdempotencyKey = "idempotency_key";

    /// <summary>The existing sources that the body refers to.</summary>
    public IEnumerable<Source> Sources => Body.Descendants().OfType<JProperty>().SelectMany(property => property.Name switch
    {
        SourceId => [License.FindSource(Id(property.Value))],
        TaskIds => property.Value.Select(id => License.FindTask(Id(id))?.Source),
        _ => Enumerable.Empty<Source?>(),
    }).OfType<Source>();

    /// <summary>The idempotency keys of a start, or of each item of a batch.</summary>
    public IReadOnlyList<string> IdempotencyKeys =>
    [
        .. (Body["items"] ?? new JArray(Body)).OfType<JObject>().Select(start => (string?)start[IdempotencyKey]).OfType<string>(),
    ];

    /// <summary>The fault because of which a new task on a source will fail; null for none.</summary>
    public Fault? FailureOf(Guid sourceId, bool isFirst) =>
        License.FindSource(sourceId) is { } source ? Faults.Find(FaultKind.TaskError, source, isFirst) : null;

    private static Guid Id(JToken id) => Guid.TryParse((string?)id, out var value) ? value : Guid.Empty;
}
