using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>const</c> -> a value that is always sent: a required string with that default; where it may be left out, a choice of one. NSwag
/// ignores <c>const</c>, and leaves the caller to know the only value that the service takes.
/// </summary>
internal sealed class ConstantsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["const"] is not { } value)
            {
                continue;
            }

            if (value.AsText() is not { } text || PrintableText.Of(text) != text)
            {
                throw new ContractException(
                    "LC0230",
                    $"`$.{schema.Path}` is a constant that is not a string of printable characters (`{value}`), which no rule lowers "
                        + "yet. Extend ConstantsRule, or describe the value with a type in the overlay.",
                    SourceLocation.Of(value));
            }

            schema.Remove("const");
            schema["type"] = "string";
            if ((bool?)schema["nullable"] == true)
            {
                schema["enum"] = new JArray(value);
            }
            else
            {
                schema["default"] = value;
                Require(schema);
            }

            count++;
        }

        return count;
    }

    private static void Require(JObject schema)
    {
        if (schema.Parent is JProperty { Parent.Parent: JProperty { Name: "properties", Parent: JObject owner } } property
            && !Schemas.IsRequired(owner, property.Name))
        {
            if (owner["required"] is not JArray required)
            {
                required = [];
                owner["required"] = required;
            }

            required.Add(property.Name);
        }
    }
}
