using System.Globalization;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace LalalAi.Sandbox.Contract;

/// <summary>One entry in the <c>detail</c> array of a 422.</summary>
/// <param name="Location">The location of the error: <c>body</c> or <c>header</c>, then names and indexes.</param>
/// <param name="Message">The error, for people.</param>
/// <param name="Type">The error, for programs: a name from FastAPI's validation library.</param>
internal sealed record ValidationDetail(IReadOnlyList<object> Location, string Message, string Type)
{
    public static ValidationDetail MissingBody { get; } = new(["body"], "Field required", "missing");

    public static ValidationDetail NotAnObject { get; } =
        new(["body"], "Input should be a valid dictionary or object to extract fields from", "model_attributes_type");

    public static ValidationDetail From(ValidationError error, JToken body)
    {
        var location = ParseLocation(error.Path);
        var (message, type) = Describe(error, Find(body, location));
        return new ValidationDetail(["body", .. location], message, type);
    }

    public static ValidationDetail TooManyItems(IReadOnlyList<object> location, int limit, int actual) =>
        new(location, $"List should have at most {limit} item{Plural(limit)} after validation, not {actual}", "too_long");

    public JObject ToJson() => new()
    {
        ["loc"] = new JArray(Location),
        ["msg"] = Message,
        ["type"] = Type,
    };

    private static (string Message, string Type) Describe(ValidationError error, JToken? value)
    {
        var schema = error.Schema.ActualSchema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => ("Field required", "missing"),
            ValidationErrorKind.NotInEnumeration => (
                $"Input should be {Enumerate(schema)}", schema.Enumeration.Count == 1 ? "literal_error" : "enum"),
            ValidationErrorKind.StringExpected when schema.Enumeration.Count > 0 => ($"Input should be {Enumerate(schema)}", "enum"),
            ValidationErrorKind.StringExpected => ("Input should be a valid string", "string_type"),
            ValidationErrorKind.IntegerExpected => ("Input should be a valid integer", "int_type"),
            ValidationErrorKind.NumberExpected => ("Input should be a valid number", "float_type"),
            ValidationErrorKind.BooleanExpected => ("Input should be a valid boolean", "bool_type"),
            ValidationErrorKind.ArrayExpected => ("Input should be a valid list", "list_type"),
            ValidationErrorKind.ObjectExpected => (NotAnObject.Message, NotAnObject.Type),
            ValidationErrorKind.UuidExpected when value is JValue { Value: string text } && Uuid4Format.IsUuid(text) =>
                ("UUID version 4 expected", "uuid_version"),
            ValidationErrorKind.UuidExpected => ("Input should be a valid UUID", "uuid_parsing"),
            ValidationErrorKind.NumberTooSmall => (
                $"Input should be greater than or equal to {Number(schema.Minimum)}", "greater_than_equal"),
            ValidationErrorKind.NumberTooBig or ValidationErrorKind.IntegerTooBig =>
                ($"Input should be less than or equal to {Number(schema.Maximum)}", "less_than_equal"),
            ValidationErrorKind.TooManyItems => (TooManyItems([], schema.MaxItems, Count(value)).Message, "too_long"),
            ValidationErrorKind.TooFewItems =>
                (
                    $"List should have at least {schema.MinItems} item{Plural(schema.MinItems)} after validation, not {Count(value)}",
                    "too_short"),
            _ => ($"Input is not valid: {error.Kind}", "value_error"),
        };
    }

    // The validator writes "#/presets.stem" and "#/items[3].source_id".
    private static List<object> ParseLocation(string? path)
    {
        var location = new List<object>();
        foreach (var part in (path ?? "").TrimStart('#', '/').Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var isIndex = int.TryParse(part.AsSpan().TrimEnd(']'), CultureInfo.InvariantCulture, out var index) && part.EndsWith(']');
            location.Add(isIndex ? index : part);
        }

        return location;
    }

    private static JToken? Find(JToken body, List<object> location)
    {
        JToken? value = body;
        foreach (var step in location)
        {
            value = (value, step) switch
            {
                (JObject members, string name) => members[name],
                (JArray items, int index) when index < items.Count => items[index],
                _ => null,
            };
        }

        return value;
    }

    private static string Enumerate(JsonSchema schema)
    {
        var values = schema.Enumeration.Select(value => value is string text
            ? $"'{text}'"
            : Convert.ToString(value, CultureInfo.InvariantCulture)!).ToArray();
        return values.Length == 1 ? values[0] : $"{string.Join(", ", values[..^1])} or {values[^1]}";
    }

    private static int Count(JToken? value) => (value as JArray)?.Count ?? 0;

    private static string Plural(int count) => count == 1 ? "" : "s";

    private static string Number(decimal? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
}
