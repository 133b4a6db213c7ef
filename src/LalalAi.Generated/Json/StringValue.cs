using System.ComponentModel;
using System.Globalization;
using System.Linq.Expressions;
using Newtonsoft.Json;

namespace LalalAi;

/// <summary>Creates values that are one string in JSON: open enums and IDs.</summary>
internal static class StringValue<T>
    where T : struct
{
    public static Func<string, T> Create { get; } = CompileConstructor();

    private static Func<string, T> CompileConstructor()
    {
        var value = Expression.Parameter(typeof(string));
        return Expression.Lambda<Func<string, T>>(Expression.New(typeof(T).GetConstructor([typeof(string)])!, value), value).Compile();
    }
}

/// <summary>Reads and writes an open enum or an ID as a JSON string, with Newtonsoft.Json.</summary>
internal sealed class StringValueConverter<T> : JsonConverter<T>
    where T : struct
{
    public override T ReadJson(JsonReader reader, Type objectType, T existingValue, bool hasExistingValue, JsonSerializer serializer) =>
        reader.Value is { } value ? StringValue<T>.Create(Convert.ToString(value, CultureInfo.InvariantCulture)!) : default;

    public override void WriteJson(JsonWriter writer, T value, JsonSerializer serializer) =>
        writer.WriteValue(value.ToString() is { Length: > 0 } text ? text : null);
}

/// <summary>Converts an open enum or an ID from and to a string: for configuration, route values and dictionary keys.</summary>
internal sealed class StringValueTypeConverter<T> : TypeConverter
    where T : struct
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? StringValue<T>.Create(text) : base.ConvertFrom(context, culture, value);
}
