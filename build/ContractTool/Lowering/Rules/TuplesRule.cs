using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// <c>prefixItems</c>, a list with a type for each place -> a list of that type if it is the same everywhere, else of any value. NSwag does
/// not know the keyword, and makes a list of objects without members of it.
/// </summary>
internal sealed class TuplesRule : ILoweringRule
{
    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["prefixItems"] is not JArray { Count: > 0 } places)
            {
                continue;
            }

            schema.Remove("prefixItems");
            var isSame = (schema["items"] is not JObject rest || JToken.DeepEquals(rest, places[0]))
                && places.All(place => JToken.DeepEquals(place, places[0]));
            schema["type"] = "array";
            schema["items"] = isSame ? places[0] : new JObject();
            count++;
        }

        return count;
    }
}
