using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Documents;

/// <summary>Reads text out of a document that may hold anything in its place.</summary>
public static class TokenText
{
    /// <summary>
    /// The token's text, or null when it is something else. Newtonsoft's cast throws there, and a document of the wrong form must end in a
    /// message that names the place.
    /// </summary>
    public static string? AsText(this JToken? token) => token is JValue { Value: string text } ? text : null;
}
