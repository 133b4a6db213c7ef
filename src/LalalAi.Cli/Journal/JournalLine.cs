using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace LalalAi.Cli.Journal;

/// <summary>Entries as lines of JSON: <c>type</c> first, names in snake case, no nulls.</summary>
internal static class JournalLine
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["run"] = typeof(RunEntry),
        ["file"] = typeof(FileEntry),
        ["job"] = typeof(JobEntry),
        ["source"] = typeof(SourceEntry),
        ["starting"] = typeof(StartingEntry),
        ["started"] = typeof(StartedEntry),
        ["refused"] = typeof(RefusedEntry),
        ["lost"] = typeof(LostEntry),
        ["ended"] = typeof(EndedEntry),
        ["track"] = typeof(TrackEntry),
        ["done"] = typeof(DoneEntry),
        ["deleted"] = typeof(DeletedEntry),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(entry => entry.Value, entry => entry.Key);

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new DefaultContractResolver { NamingStrategy = new SnakeCaseNamingStrategy() },
        NullValueHandling = NullValueHandling.Ignore,
        DateParseHandling = DateParseHandling.None,
    });

    public static string Write(JournalEntry entry)
    {
        var line = new JObject { ["type"] = Names[entry.GetType()] };
        line.Merge(JObject.FromObject(entry, Serializer));
        return line.ToString(Formatting.None);
    }

    /// <exception cref="JsonException">The line is not an entry.</exception>
    public static JournalEntry Read(string line)
    {
        var name = TypeOf(line) ?? throw new JsonException("it has no type");
        using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
        return Types.TryGetValue(name, out var type)
            ? (JournalEntry)Serializer.Deserialize(reader, type)!
            : throw new JsonException($"'{name}' is not a known type of entry. Was it written by a newer version?");
    }

    /// <summary>Reads the type without the rest of the line, which would take as long as reading the entry.</summary>
    private static string? TypeOf(string line)
    {
        using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
        return reader.Read() && reader.Read() && reader.Value is "type" ? reader.ReadAsString() : (string?)JObject.Parse(line)["type"];
    }
}
