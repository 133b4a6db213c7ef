using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Lowering.Rules;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Updating;

/// <summary>The C# types and members that come and go with an update.</summary>
internal sealed record SurfaceChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    public static SurfaceChanges None { get; } = new([], []);

    /// <summary>Compares two lowered documents; nothing is known about the change from a document that could not be lowered.</summary>
    public static SurfaceChanges Between(OpenApiDocument? before, OpenApiDocument after)
    {
        if (before is null)
        {
            return None;
        }

        var (old, @new) = (NamesIn(before), NamesIn(after));
        return new SurfaceChanges([.. @new.Except(old)], [.. old.Except(@new)]);
    }

    private static List<string> NamesIn(OpenApiDocument lowered) =>
    [
        .. lowered.Schemas.Properties().SelectMany(schema => NamesIn(schema.Name, (JObject)schema.Value)).Order(StringComparer.Ordinal),
        .. lowered
            .Operations()
            .Select(operation => $"ILalalAiApiClient.{operation.Operation["operationId"]}Async")
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> NamesIn(string type, JObject schema) =>
        (schema["x-enumNames"]?.Select(name => $"{type}.{name}") ?? [])
            .Concat(Schemas
                .PropertiesOf(schema)
                .Select(
                    property => $"{type}.{property.Schema[PropertyNamesRule.NameExtension].AsText() ?? CSharpName.From(property.Name)}"))
            .Prepend(type);
}
