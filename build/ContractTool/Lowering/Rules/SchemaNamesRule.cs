using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>x-csharp-name</c> on a schema -> the schema's name, in every reference to it. NSwag names a class after its schema, and a class
/// called <c>Task</c> makes <c>System.Threading.Tasks.Task</c> ambiguous in every file that uses it.
/// </summary>
internal sealed class SchemaNamesRule : ILoweringRule
{
    public const string NameExtension = "x-csharp-name";

    public int Apply(LoweringContext context)
    {
        var document = context.Document;
        var names = new Dictionary<string, string>();
        foreach (var property in document.Schemas.Properties().ToList())
        {
            if (property.Value is not JObject schema || schema[NameExtension].AsText() is not { } name)
            {
                continue;
            }

            if (document.Schemas[name] is not null)
            {
                throw new ContractException("LC0201", $"`{property.Name}` is to be called `{name}`, which is another schema's name already. Choose another name in the overlay.", SourceLocation.Of(schema));
            }

            names[OpenApiDocument.SchemaReferencePrefix + property.Name] = OpenApiDocument.SchemaReferencePrefix + name;
            schema.Remove(NameExtension);
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
}
