using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Generated;

/// <summary>Makes bodies that a schema of the contract allows, at random. Knows nothing of the sandbox's own validation.</summary>
/// <param name="resolve">Follows references.</param>
/// <param name="sourceId">An id that exists, for bodies that are to be taken.</param>
/// <param name="random">The chance behind every choice.</param>
internal sealed class RequestGenerator(Func<JObject, JObject> resolve, string sourceId, Random random)
{
    private const int LongestList = 5;

    public JObject Create(JObject schema) => (JObject)CreateValue("", schema);

    private static string NewUuid4() => Guid.NewGuid().ToString();

    private JToken CreateValue(string name, JObject reference)
    {
        var schema = resolve(reference);
        if (schema["anyOf"] is JArray alternatives)
        {
            return CreateValue(name, (JObject)Pick(alternatives));
        }

        if ((schema["const"] ?? reference["const"]) is { } constant)
        {
            return constant.DeepClone();
        }

        if (schema["enum"] is JArray values)
        {
            return Pick(values).DeepClone();
        }

        return (string?)schema["type"] switch
        {
            "object" => CreateObject(schema),
            "array" => CreateArray(name, schema),
            "boolean" => random.Next(2) == 0,
            "number" => (double)schema["minimum"]! + (random.NextDouble() * ((double)schema["maximum"]! - (double)schema["minimum"]!)),
            "null" => JValue.CreateNull(),
            "string" => CreateString(name, schema),
            var type => throw new NotSupportedException($"'{name}' is of type '{type}', which no request had when this was written."),
        };
    }

    private JObject CreateObject(JObject schema)
    {
        var required = schema["required"]?.Select(name => (string)name!).ToHashSet() ?? [];
        var body = new JObject();
        foreach (var (name, property) in (JObject)schema["properties"]!)
        {
            if (required.Contains(name) || random.Next(2) == 0)
            {
                body[name] = CreateValue(name, (JObject)property!);
            }
        }

        if (random.Next(4) == 0)
        {
            body["undeclared"] = random.Next();
        }

        return body;
    }

    private JArray CreateArray(string name, JObject schema)
    {
        var least = (int?)schema["minItems"] ?? 0;
        var most = Math.Min((int?)schema["maxItems"] ?? LongestList, LongestList);
        return new JArray(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => CreateValue(name, (JObject)schema["items"]!)));
    }

    private string CreateString(string name, JObject schema) => name switch
    {
        "source_id" => sourceId,
        "voice_pack_id" => "NIK_ZEL",
        _ when (string?)schema["format"] == "uuid4" => NewUuid4(),
        _ => throw new NotSupportedException($"'{name}' is a free text, which no request had when this was written."),
    };

    private JToken Pick(JArray choices) => choices[random.Next(choices.Count)];
}
