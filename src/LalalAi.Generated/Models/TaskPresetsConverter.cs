using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// Reads and writes presets with the discriminators that a state carries. The presets of a start have none: the raw client uses
/// <see cref="WireContractResolver"/>.
/// </summary>
internal sealed class TaskPresetsConverter : JsonConverter
{
    private const string TaskType = "task_type";
    private const string Label = "label";
    private const string Split = "split";

    // The labels of the task type `split`.
    internal static readonly IReadOnlyDictionary<string, Type> SplitLabels = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["stem_separator"] = typeof(StemSeparatorPresets),
        ["demuser"] = typeof(DemuserPresets),
        ["voice_clean"] = typeof(VoiceCleanPresets),
        ["multistem"] = typeof(MultistemPresets),
    };

    // The task types without labels.
    internal static readonly IReadOnlyDictionary<string, Type> TaskTypes = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["voice_convert"] = typeof(VoiceChangePresets),
    };

    private static readonly JsonSerializer Plain = JsonSerializer.Create(
        new JsonSerializerSettings { ContractResolver = WireContractResolver.Instance, DateParseHandling = DateParseHandling.None });

    public override bool CanConvert(Type objectType) => typeof(TaskPresets).IsAssignableFrom(objectType);

    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
    {
        var json = JToken.ReadFrom(reader);
        if (json.Type == JTokenType.Null)
        {
            return null;
        }

        if (objectType != typeof(TaskPresets)
            && objectType != typeof(UnknownTaskPresets)
            && json is JObject { } plain
            && plain[TaskType] is null)
        {
            return plain.ToObject(objectType, Plain);
        }

        var presets = Read(json);
        return objectType.IsInstanceOfType(presets)
            ? presets
            : throw new JsonSerializationException(
                $"The presets have the {TaskType} '{json[TaskType]}' and the "
                    + $"{Label} '{json[Label]}', which are not those of {objectType.Name}.");
    }

    /// <summary>Reads presets with discriminators. Presets that cannot be read become <see cref="UnknownTaskPresets"/>.</summary>
    public static TaskPresets Read(JToken? json)
    {
        if (json is JObject presets && CaseOf(presets) is { } type)
        {
            var bare = new JObject(presets.Properties().Where(property => !IsDiscriminator(property.Name, type)));
            try
            {
                return (TaskPresets)bare.ToObject(type, Plain)!;
            }
            catch (Exception exception) when (exception is JsonException or FormatException
                or OverflowException or InvalidCastException or ArgumentException)
            {
                // Presets that violate the contract must not make the state unreadable.
            }
        }

        return new UnknownTaskPresets { Raw = json ?? JValue.CreateNull() };
    }

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        if (value is UnknownTaskPresets unknown)
        {
            unknown.Raw.WriteTo(writer);
            return;
        }

        var type = value!.GetType();
        var label = SplitLabels.FirstOrDefault(entry => entry.Value == type).Key;
        var json = JObject.FromObject(value, Plain);
        if (label is not null)
        {
            json.AddFirst(new JProperty(Label, label));
        }

        json.AddFirst(new JProperty(TaskType, label is not null ? Split : TaskTypes.First(entry => entry.Value == type).Key));
        json.WriteTo(writer);
    }

    private static Type? CaseOf(JObject presets) => (string?)(presets[TaskType] as JValue) switch
    {
        Split => (string?)(presets[Label] as JValue) is { } label && SplitLabels.TryGetValue(label, out var split) ? split : null,
        { } taskType when TaskTypes.TryGetValue(taskType, out var other) => other,
        _ => null,
    };

    private static bool IsDiscriminator(string property, Type type) =>
        property == TaskType || (property == Label && SplitLabels.Values.Contains(type));
}
