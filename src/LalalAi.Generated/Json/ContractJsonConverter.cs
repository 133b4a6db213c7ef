using System.Text.Json;
using System.Text.Json.Serialization;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// Lets System.Text.Json read and write the library's types in the contract's format. It delegates to Newtonsoft.Json, so that both
/// serializers agree.
/// </summary>
internal sealed class ContractJsonConverter : JsonConverterFactory
{
    private static readonly Newtonsoft.Json.JsonSerializer Serializer = Newtonsoft.Json.JsonSerializer.Create(
        new Newtonsoft.Json.JsonSerializerSettings { DateParseHandling = Newtonsoft.Json.DateParseHandling.None });

    public override bool CanConvert(Type typeToConvert) => true;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override bool HandleNull => false;

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return Parse(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JToken.FromObject(value!, Serializer).ToString(Newtonsoft.Json.Formatting.None));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(new JValue(reader.GetString()).ToString(Newtonsoft.Json.Formatting.None))!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value!.ToString()!);

        private static T? Parse(string json)
        {
            try
            {
                using var reader = new Newtonsoft.Json.JsonTextReader(
                    new StringReader(json))
                { DateParseHandling = Newtonsoft.Json.DateParseHandling.None };
                return Serializer.Deserialize<T>(reader);
            }
            catch (Newtonsoft.Json.JsonException exception)
            {
                throw new JsonException(exception.Message, exception);
            }
        }
    }
}
