using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests.Generated;

/// <summary>Breaks a valid body in every way that its schema forbids, one at a time.</summary>
internal sealed class RequestBreaker(Func<JObject, JObject> resolve)
{
    /// <summary>Each broken body with the path of what is broken.</summary>
    public IEnumerable<(JObject Body, string Path)> Break(JObject body, JObject schema) =>
        Find("body", body, schema).Select(change =>
        {
            var copy = (JObject)body.DeepClone();
            change.Apply(copy);
            return (copy, change.Path);
        });

    private static Change Replace(string path, JToken place, JToken value) => new(path, body => body.SelectToken(place.Path)!.Replace(value.DeepClone()), value.Type == JTokenType.Null);

    private static JToken WrongType(JObject schema) => (string?)schema["type"] is "string" or "boolean" ? new JValue(17) : new JValue("no such thing");

    private IEnumerable<Change> Find(string path, JToken value, JObject reference)
    {
        var schema = resolve(reference);
        if (schema["anyOf"] is JArray alternatives)
        {
            var other = alternatives.Cast<JObject>().First(alternative => (string?)resolve(alternative)["type"] != "null");
            return Find(path, value, other).Where(change => change.Path == path && !change.IsNull);
        }

        if (schema["enum"] is not null || schema["const"] is not null || reference["const"] is not null)
        {
            return [Replace(path, value, "kazoo"), Replace(path, value, 99), Replace(path, value, JValue.CreateNull())];
        }

        return (string?)schema["type"] switch
        {
            "object" => FindInObject(path, (JObject)value, schema),
            "array" => FindInArray(path, (JArray)value, schema),
            "number" => [Replace(path, value, (double)schema["minimum"]! - 0.01), Replace(path, value, (double)schema["maximum"]! + 0.01), Replace(path, value, WrongType(schema))],
            "string" when (string?)schema["format"] == "uuid4" =>
                [Replace(path, value, "song.wav"), Replace(path, value, "6ba7b810-9dad-11d1-80b4-00c04fd430c8"), Replace(path, value, WrongType(schema))],
            _ => [Replace(path, value, WrongType(schema))],
        };
    }

    private IEnumerable<Change> FindInObject(string path, JObject value, JObject schema)
    {
        if (value.Path.Length > 0)
        {
            yield return Replace(path, value, "no object");
        }

        foreach (var name in schema["required"]?.Select(name => (string)name!) ?? [])
        {
            var place = value[name]!.Path;
            yield return new Change($"{path}.{name}", body => body.SelectToken(place)!.Parent!.Remove());
        }

        foreach (var (name, property) in (JObject)schema["properties"]!)
        {
            if (value[name] is { } present)
            {
                foreach (var change in Find($"{path}.{name}", present, (JObject)property!))
                {
                    yield return change;
                }
            }
        }
    }

    private IEnumerable<Change> FindInArray(string path, JArray value, JObject schema)
    {
        yield return Replace(path, value, "no list");
        if ((int?)schema["minItems"] is { } least and > 0)
        {
            yield return Replace(path, value, new JArray(value.Take(least - 1)));
        }

        if ((int?)schema["maxItems"] is { } most && value.Count > 0)
        {
            yield return Replace(path, value, new JArray(Enumerable.Repeat(value[0], most + 1)));
        }

        for (var index = 0; index < value.Count; index++)
        {
            foreach (var change in Find($"{path}.{index}", value[index], (JObject)schema["items"]!))
            {
                yield return change;
            }
        }
    }

    private sealed record Change(string Path, Action<JObject> Apply, bool IsNull = false);
}
