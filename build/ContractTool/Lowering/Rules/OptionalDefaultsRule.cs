using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>default</c> -> a sentence in the description. NSwag initializes properties with their defaults, so that every request would send
/// them; the service refuses some of its own (<c>splitter: auto</c> is not among the splitters), and what it chooses by itself may change
/// for the better.
/// </summary>
internal sealed class OptionalDefaultsRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["default"] is not { } value)
            {
                continue;
            }

            schema.Remove("default");
            count++;
            if (value.Type != JTokenType.Null && schema["const"] is null)
            {
                var sentence = "When left out, the service uses "
                    + $"`{(value.Type == JTokenType.String ? (string)value! : value.ToString(Formatting.None))}`.";
                schema["description"] =
                    schema["description"].AsText() is { Length: > 0 } description ? $"{description.TrimEnd()}\n\n{sentence}" : sentence;
            }
        }

        return count;
    }
}
