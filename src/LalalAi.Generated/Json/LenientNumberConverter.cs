using System.Globalization;
using Newtonsoft.Json;

namespace LalalAi;

/// <summary>
/// Reads a number that the service sends as a string or a decimal. What only informs is nullable in the contracts, and is
/// <see langword="null"/> if it is not a number: it must not cost an upload that succeeded.
/// </summary>
internal sealed class LenientNumberConverter : JsonConverter
{
    public static readonly LenientNumberConverter Instance = new();

    public override bool CanWrite => false;

    public override bool CanConvert(Type objectType) => (Nullable.GetUnderlyingType(objectType) ?? objectType) is var type
        && (type == typeof(int) || type == typeof(long) || type == typeof(double));

    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
    {
        var nullable = Nullable.GetUnderlyingType(objectType);
        var type = nullable ?? objectType;
        if (reader.TokenType is JsonToken.StartObject or JsonToken.StartArray)
        {
            reader.Skip();
        }
        else if (Read(Convert.ToString(reader.Value, CultureInfo.InvariantCulture), type) is { } number)
        {
            return number;
        }

        return nullable is not null
            ? null
            : throw new JsonSerializationException($"'{reader.Value}' at {reader.Path} is not a number that fits into {type.Name}.");
    }

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) => throw new NotSupportedException();

    private static object? Read(string? text, Type type)
    {
        // The service may send progress as "37%".
        if (!double.TryParse(text?.Trim().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || double.IsNaN(number)
            || double.IsInfinity(number))
        {
            return null;
        }

        if (type == typeof(double))
        {
            return number;
        }

        var whole = Math.Round(number, MidpointRounding.AwayFromZero);
        return type == typeof(int) ? whole is >= int.MinValue and <= int.MaxValue ? (int)whole : null
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
                && exact is >= long.MinValue and <= long.MaxValue
                ? (long)exact
                : null;
    }
}
