using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>x-csharp-name</c> on a schema, or what C# makes of a name like <c>Job-Input</c> or <c>JobPresetsV1</c> -> the schema's name, in every
/// reference to it. NSwag names a class after its schema, and a class called <c>Task</c> makes <c>System.Threading.Tasks.Task</c> ambiguous
/// in every file that uses it. The version of the API stands in its path; a second one would get a namespace of its own.
/// </summary>
internal sealed partial class SchemaNamesRule : ILoweringRule
{
    public const string NameExtension = "x-csharp-name";

    /// <summary>Names that the generated code uses without a namespace, and names of types that every C# file sees.</summary>
    private static readonly HashSet<string> TakenNames =
    [
        "LalalAi", "Newtonsoft", "System",
        // The types beside the generated ones, and those of the client that is built on them.
        "AdditionalProperties", "ApiException", "ContractJsonConverter", "FileParameter", "ILalalAiApiClient", "IOpenEnum",
        "LalalAiApiClient", "LenientNumberConverter", "StringValue", "StringValueConverter", "StringValueTypeConverter", "TaskPresets",
        "TaskPresetsConverter", "UnknownTaskPresets", "ValueList", "WireContractResolver",
        "BatchOptions", "CallOptions", "CancelFailed", "CancelResult", "CancelSucceeded", "CheckOptions", "DownloadOptions",
        "DownloadResult", "DownloadedFile", "ExistingFileBehavior", "ILalalAiClient", "IdempotencyKey", "JobCheckpoint", "JobTrack",
        "KnownTaskState", "ProcessHost", "ProcessOptions", "ProcessPhase", "ProcessProgress", "ProcessResult", "RequestValidationError",
        "SourceFile", "SourceId", "StartAmbiguous", "StartFailed", "StartOptions", "StartRequest", "StartResult", "StartSucceeded",
        "SynchronousProgress", "TaskCanceled", "TaskFailed", "TaskId", "TaskInProgress", "TaskLookupFailed", "TaskState", "TaskSucceeded",
        "TaskTrack", "TrackStream", "TransferProgress", "UnknownCancelResult", "UnknownTaskState", "UploadOptions", "VoicePack",
        .. from assembly in new[]
        {
            typeof(object),
            typeof(Enumerable),
            typeof(HttpClient),
            typeof(Uri),
            typeof(Stack<>),
            typeof(LinkedList<>)
        }
            .Select(type => type.Assembly)
            .Distinct()
           from type in assembly.GetExportedTypes()
           where type.Namespace is "System" or "System.Collections.Generic" or "System.IO"
               or "System.Linq" or "System.Net.Http" or "System.Threading" or "System.Threading.Tasks"
           select type.Name.Split('`')[0],
    ];

    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var names = new Dictionary<string, string>();
        foreach (var property in document.Schemas.Properties().ToList())
        {
            if (property.Value is not JObject schema)
            {
                continue;
            }

            var name = schema[NameExtension].AsText() ?? CSharpName.From(Version().Replace(property.Name, string.Empty));
            if (name is null || !CSharpName.IsValid(name) || TakenNames.Contains(name))
            {
                throw new ContractException(
                    "LC0202",
                    $"The schema `{property.Name}` cannot be called `{name ?? property.Name}` in C#: that is not a C# name, or a type of "
                        + $".NET or of the generated client. {ContractPlace.OverlayEntry(schema, $"{NameExtension}: NAME")}",
                    SourceLocation.Of(schema));
            }

            schema.Remove(NameExtension);
            if (name == property.Name)
            {
                continue;
            }

            if (document.Schemas[name] is not null)
            {
                throw new ContractException(
                    "LC0201",
                    $"`{property.Name}` is to be called `{name}`, which is another schema's name already. "
                        + $"{ContractPlace.OverlayEntry(schema, $"{NameExtension}: NAME")}",
                    SourceLocation.Of(schema));
            }

            names[OpenApiDocument.SchemaReferencePrefix + property.Name] = OpenApiDocument.SchemaReferencePrefix + name;
            var renamed = new JProperty(name, schema);
            foreach (var location in property.Annotations<SourceLocation>())
            {
                renamed.AddAnnotation(location);
            }

            property.Replace(renamed);
        }

        // References stand in `$ref`s and, as plain values, in discriminator mappings.
        foreach (var value in document.Root.Descendants().OfType<JValue>().Where(value => value.Type == JTokenType.String))
        {
            if (names.TryGetValue((string)value!, out var renamed))
            {
                value.Value = renamed;
            }
        }

        return names.Count;
    }

    [GeneratedRegex("(?<=.)V1(?=[A-Z]|$)")]
    private static partial Regex Version();
}
