using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>Finds links in JSON. The service's links are signed: anyone who has one can download the file.</summary>
internal static class SignedLinks
{
    /// <summary>Whether the JSON is or contains an absolute http(s) address.</summary>
    public static bool IsIn(JToken json) => (json is JContainer container ? container.DescendantsAndSelf() : [json]).Any(IsLink);

    /// <summary>Removes the fields and items that are links.</summary>
    public static void RemoveFrom(JContainer json)
    {
        foreach (var link in json.Descendants().Where(IsLink).ToList())
        {
            (link.Parent is JProperty property ? property : link).Remove();
        }
    }

    private static bool IsLink(JToken json) =>
        json is JValue { Type: JTokenType.String, Value: string text }
            && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
}
