using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.Models;

/// <summary>
/// Assigns a part of the tree that is being read to a property of raw JSON, which Newtonsoft.Json would copy token by token. It reads from
/// trees only.
/// </summary>
internal sealed class SharedTokenConverter : JsonConverter<JToken>
{
    public override bool CanWrite => false;

    public override JToken? ReadJson(
        JsonReader reader, Type objectType, JToken? existingValue, bool hasExistingValue, JsonSerializer serializer)
    {
        var token = ((JTokenReader)reader).CurrentToken;
        reader.Skip();
        return token;
    }

    public override void WriteJson(JsonWriter writer, JToken? value, JsonSerializer serializer) => throw new NotSupportedException();
}
