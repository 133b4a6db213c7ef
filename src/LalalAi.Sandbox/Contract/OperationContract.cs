using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LalalAi.Sandbox.Contract;

/// <summary>The contract of one operation.</summary>
/// <param name="Path">The path, with its leading and trailing slash.</param>
/// <param name="RequestBody">The schema of a JSON request body; null when the operation takes none or takes raw bytes.</param>
/// <param name="RequestSchema">The same schema in the form of the contract, with references and defaults.</param>
/// <param name="Responses">The schemas of the declared responses by status code.</param>
internal sealed record OperationContract(
    string Path,
    JsonSchema? RequestBody,
    JObject? RequestSchema,
    IReadOnlyDictionary<int, JsonSchema> Responses)
{
    /// <summary>The prefix of all paths.</summary>
    public const string Root = "/api/v1/";

    /// <summary>The path with dots for slashes, such as <c>split.demuser</c>.</summary>
    public string Name => Path[Root.Length..].Trim('/').Replace('/', '.');
}
