using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>JSON for control calls and for the page's events.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
        MissingMemberHandling = MissingMemberHandling.Error,
    });

    public static JToken ToToken(object value) => JToken.FromObject(value, Serializer);

    public static string Write(object value)
    {
        using var text = new StringWriter();
        Serializer.Serialize(text, value);
        return text.ToString();
    }

    public static T Read<T>(JObject value) => value.ToObject<T>(Serializer)!;
}
