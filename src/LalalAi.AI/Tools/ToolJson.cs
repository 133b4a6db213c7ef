using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LalalAi.AI.Results;
using Microsoft.Extensions.AI;

namespace LalalAi.AI.Tools;

/// <summary>Arguments and results as JSON, and their schemas. Properties that are not in a schema are rejected.</summary>
internal static class ToolJson
{
    private const int MaxArgumentsLength = 8 * 1024;

    // The contract's open enums. Unknown values are mistakes of a model, not new values of the service.
    private static readonly Dictionary<Type, IReadOnlyList<string>> KnownValues = new()
    {
        [typeof(Stem)] = [.. Stem.KnownValues.Select(value => value.Value)],
        [typeof(SplitterModel)] = [.. SplitterModel.KnownValues.Select(value => value.Value)],
        [typeof(EncoderFormat)] = [.. EncoderFormat.KnownValues.Select(value => value.Value)],
    };

    private static readonly Type[] ResultParts = [typeof(FileResult), typeof(BudgetResult), typeof(VoiceResult)];

    private static readonly AIJsonSchemaCreateOptions SchemaOptions = new() { TransformSchemaNode = Compact };

    public static JsonSerializerOptions Options { get; } = CreateOptions();

    public static JsonElement SchemaOf(Type type) =>
        AIJsonUtilities.CreateJsonSchema(type, serializerOptions: Options, inferenceOptions: SchemaOptions);

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="LalalAiFunctionException">An argument is unknown, missing or not valid.</exception>
    public static T Read<T>(AIFunctionArguments arguments, JsonElement schema)
    {
        string[] known = schema.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(property => property.Name)]
            : [];
        if (arguments.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new LalalAiFunctionException(
                $"{Quoted.Of(unknown)} is not an argument. Arguments: {(known.Length == 0 ? "none" : string.Join(", ", known))}. "
                + "Limits and approvals are set by a person, outside of calls.");
        }

        var json = new JsonObject(arguments.Where(argument => argument.Value is not null)
            .Select(argument => KeyValuePair.Create(argument.Key, JsonSerializer.SerializeToNode(argument.Value, Options))));
        var text = json.ToJsonString();
        try
        {
            return text.Length > MaxArgumentsLength
                ? throw new LalalAiFunctionException($"The arguments are longer than {MaxArgumentsLength} characters.")
                : JsonSerializer.Deserialize<T>(text, Options)!;
        }
        catch (JsonException exception)
        {
            // The serializer's message contains type names.
            throw new LalalAiFunctionException(exception.Path is null or "$"
                ? $"An argument is missing or not valid. Required: {RequiredOf(schema)}."
                : $"The argument {Quoted.Of(exception.Path.TrimStart('$', '.'))} is not valid. The schema lists what it can be.");
        }
    }

    private static string RequiredOf(JsonElement schema) =>
        schema.TryGetProperty("required", out var required)
            ? string.Join(", ", required.EnumerateArray().Select(name => name.GetString()))
            : "none";

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            MaxDepth = 16,
            // Models, not browsers, read results. Escaped quotes would cost tokens.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
                new KnownValueConverter<Stem>(value => new Stem(value)),
                new KnownValueConverter<SplitterModel>(value => new SplitterModel(value)),
                new KnownValueConverter<EncoderFormat>(value => new EncoderFormat(value)),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>
    /// Adds the values of open enums to a schema, and omits parts that only cost tokens, such as null as a type.
    /// </summary>
    private static JsonNode Compact(AIJsonSchemaCreateContext context, JsonNode node)
    {
        if (EnumOf(context.TypeInfo.Type) is { } values)
        {
            values["description"] = (node as JsonObject)?["description"]?.DeepClone();
            node = values;
        }

        if (node is JsonObject schema)
        {
            if (schema["type"] is JsonArray types)
            {
                schema["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
            }

            if (schema["enum"] is JsonArray choices)
            {
                choices.RemoveAll(choice => choice is null);
            }

            if (schema["type"]?.GetValue<string>() == "array" && EnumOf(context.TypeInfo.ElementType!) is { } items)
            {
                schema["items"] = items;
            }

            // Properties that are null are omitted.
            foreach (var name in schema.Where(property => property.Value is null).Select(property => property.Key).ToList())
            {
                schema.Remove(name);
            }

            // Only arguments are strict.
            var isPart = ResultParts.Contains(context.TypeInfo.Type);
            if (isPart || typeof(ToolResult).IsAssignableFrom(context.TypeInfo.Type))
            {
                schema.Remove("additionalProperties");
            }

            if (isPart)
            {
                schema.Remove("required");
            }
        }

        return node;
    }

    private static JsonObject? EnumOf(Type type) => KnownValues.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var values)
        ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]) }
        : null;

    private sealed class KnownValueConverter<T>(Func<string, T> create) : JsonConverter<T>
        where T : struct, IOpenEnum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && KnownValues[typeof(T)].Contains(text)
                ? create(text)
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
