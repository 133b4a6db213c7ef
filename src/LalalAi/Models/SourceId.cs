using System.ComponentModel;
using LalalAi.Models;

namespace LalalAi;

/// <summary>
/// The ID of an uploaded file. Tasks are started on it until the file expires, about 24 hours after the upload. A string in JSON, in routes
/// and in configuration. It is a separate type, so the compiler detects if source IDs and task IDs are swapped.
/// </summary>
[TypeConverter(typeof(StringValueTypeConverter<SourceId>))]
[Newtonsoft.Json.JsonConverter(typeof(StringValueConverter<SourceId>))]
[System.Text.Json.Serialization.JsonConverter(typeof(ContractJsonConverter))]
public readonly partial record struct SourceId
{
    /// <summary>
    /// Creates an ID from the string that the service uses. UUIDs are normalized to lower case. Other strings are kept, but methods that
    /// need an ID reject them.
    /// </summary>
    /// <param name="value">The ID, a UUID such as <c>5f0c1d1e-2b3a-4c5d-8e6f-7a8b9c0d1e2f</c>.</param>
    public SourceId(string value) => Value = Uuid.Normalize(value);

    /// <summary>The ID in the form of the service.</summary>
    public string Value { get; }

    /// <summary>Whether the ID is a UUID.</summary>
    internal bool IsWellFormed => Uuid.IsWellFormed(Value);

    /// <summary>Returns the ID in the form of the service.</summary>
    public override string ToString() => Value ?? string.Empty;

    /// <summary>Converts a UUID to a source ID.</summary>
    /// <returns>Whether <paramref name="text"/> is a UUID.</returns>
    public static bool TryParse(string? text, out SourceId sourceId)
    {
        sourceId = text?.Trim() is { } trimmed && Uuid.IsWellFormed(trimmed) ? new SourceId(trimmed) : default;
        return sourceId.Value is not null;
    }

    /// <summary>Converts a UUID to a source ID.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a UUID.</exception>
    public static SourceId Parse(string text) =>
        TryParse(text ?? throw new ArgumentNullException(nameof(text)), out var sourceId)
            ? sourceId
            : throw new FormatException(Uuid.NotValid(text, "source"));
}

#if NET
/// <content>Route values and other text are parsed by the framework.</content>
public readonly partial record struct SourceId : IParsable<SourceId>
{
    /// <inheritdoc/>
    static SourceId IParsable<SourceId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool IParsable<SourceId>.TryParse(string? s, IFormatProvider? provider, out SourceId result) => TryParse(s, out result);
}
#endif
