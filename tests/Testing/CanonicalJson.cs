using Newtonsoft.Json.Linq;

namespace LalalAi.Testing;

/// <summary>JSON as text that is the same for the same facts: properties sorted by name, indented. The order of properties is none of the contract's facts.</summary>
public static class CanonicalJson
{
    public static string From(JToken token) => Sort(token).ToString();

    private static JToken Sort(JToken token) => token switch
    {
        JObject value => new JObject(value.Properties().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => new JProperty(property.Name, Sort(property.Value)))),
        JArray array => new JArray(array.Select(Sort)),
        _ => token,
    };
}
