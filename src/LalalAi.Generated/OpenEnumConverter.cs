using Newtonsoft.Json;

namespace LalalAi.Generated;

/// <summary>A string of which the contract lists some values and the service may use others.</summary>
public interface IOpenEnum
{
    /// <summary>The value as it stands in JSON.</summary>
    string Value { get; }
}

/// <summary>Reads and writes an open enum as a plain JSON string.</summary>
/// <typeparam name="T">The open enum: a value type with a constructor that takes the string.</typeparam>
public sealed class OpenEnumConverter<T> : JsonConverter<T>
    where T : struct, IOpenEnum
{
    private static readonly Func<string, T> Create = MakeFactory();

    /// <inheritdoc/>
    public override T ReadJson(JsonReader reader, Type objectType, T existingValue, bool hasExistingValue, JsonSerializer serializer) =>
        reader.Value is { } value ? Create(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!) : default;

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, T value, JsonSerializer serializer) => writer.WriteValue(value.Value);

    private static Func<string, T> MakeFactory()
    {
        var value = System.Linq.Expressions.Expression.Parameter(typeof(string));
        var constructor = typeof(T).GetConstructor([typeof(string)])!;
        return System.Linq.Expressions.Expression.Lambda<Func<string, T>>(System.Linq.Expressions.Expression.New(constructor, value), value).Compile();
    }
}
