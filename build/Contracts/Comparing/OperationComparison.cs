using Newtonsoft.Json.Linq;

namespace LalalAi.Contracts.Comparing;

/// <summary>Compares two versions of one operation: what it is called with, what it answers, and who may call it.</summary>
internal sealed class OperationComparison(Comparison comparison)
{
    private static readonly string[] Known = ["operationId", "parameters", "requestBody", "responses", "security", "deprecated"];

    private readonly SchemaComparison _schemas = new(comparison);

    public void Compare(string name, JObject old, JObject @new)
    {
        if (!JToken.DeepEquals(old["operationId"], @new["operationId"]))
        {
            // Harmless: methods are named after paths.
            comparison.Changed($"{name}: operation id {Wording.Value(old["operationId"])} -> {Wording.Value(@new["operationId"])}");
        }

        if (!JToken.DeepEquals(old["deprecated"], @new["deprecated"]))
        {
            comparison.Changed($"{name}: {(@new["deprecated"] is JValue { Value: true } ? "deprecated" : "no longer deprecated")}");
        }

        CompareParameters(name, (JObject)old["parameters"]!, (JObject)@new["parameters"]!);
        CompareRequest(name, old["requestBody"] as JObject, @new["requestBody"] as JObject);
        CompareResponses(name, (JObject)old["responses"]!, (JObject)@new["responses"]!);
        CompareSecurity(name, (JArray)old["security"]!, (JArray)@new["security"]!);
        comparison.CompareRest(name, old, @new, Known);
    }

    private void CompareParameters(string operation, JObject old, JObject @new)
    {
        foreach (var parameter in old.Properties().Concat(@new.Properties()).Select(parameter => parameter.Name).Distinct())
        {
            switch (old[parameter] as JObject, @new[parameter] as JObject)
            {
                case (null, { } added):
                    comparison.Added(
                        $"{operation}: {(IsRequired(added) ? "required" : "optional")} {parameter}",
                        IsRequired(added) ? "callers do not send it" : null);
                    break;
                case ({ }, null):
                    comparison.Removed($"{operation}: {parameter}", "code that passes it no longer compiles");
                    break;
                case ({ } before, { } after):
                    CompareRequired($"{operation}: {parameter}", before, after);
                    _schemas.Compare($"{operation}: {parameter}", (JObject)before["schema"]!, (JObject)after["schema"]!, Direction.Request);
                    comparison.CompareRest($"{operation}: {parameter}", before, after, ["required", "schema"]);
                    break;
            }
        }
    }

    private void CompareRequest(string operation, JObject? old, JObject? @new)
    {
        switch (old, @new)
        {
            case (null, { } added):
                comparison.Added(
                    $"{operation}: {(IsRequired(added) ? "required" : "optional")} request body",
                    IsRequired(added) ? "callers do not send one" : null);
                break;
            case ({ }, null):
                comparison.Removed($"{operation}: request body", "code that passes one no longer compiles");
                break;
            case ({ } before, { } after):
                CompareRequired($"{operation}: request body", before, after);
                CompareBody($"{operation} request", before, after, Direction.Request);
                break;
        }
    }

    private void CompareResponses(string operation, JObject old, JObject @new)
    {
        foreach (var status in old.Properties().Concat(@new.Properties()).Select(response => response.Name).Distinct())
        {
            switch (old[status] as JObject, @new[status] as JObject)
            {
                case (null, { }):
                    comparison.Added($"{operation}: response {status}");
                    break;
                case ({ }, null):
                    comparison.Removed($"{operation}: response {status}", status.StartsWith('2') ? "callers wait for it" : null);
                    break;
                case ({ } before, { } after):
                    CompareBody($"{operation} response {status}", before, after, Direction.Response);
                    break;
            }
        }
    }

    private void CompareBody(string place, JObject old, JObject @new, Direction direction)
    {
        var (before, after) = ((JObject)old["content"]!, (JObject)@new["content"]!);
        foreach (var type in before.Properties().Concat(after.Properties()).Select(content => content.Name).Distinct())
        {
            switch (before[type] as JObject, after[type] as JObject)
            {
                case (null, { }):
                    comparison.Added($"{place}: as {type}");
                    break;
                case ({ }, null):
                    comparison.Removed($"{place}: as {type}", $"callers {Wording.Use(direction)} it");
                    break;
                case ({ } left, { } right):
                    _schemas.Compare(place, left, right, direction);
                    break;
            }
        }

        comparison.CompareRest(place, old, @new, ["content", "required"]);
    }

    private void CompareRequired(string place, JObject old, JObject @new)
    {
        switch (IsRequired(old), IsRequired(@new))
        {
            case (false, true):
                comparison.Changed($"{place}: optional -> required", "callers may leave it out");
                break;
            case (true, false):
                comparison.Changed($"{place}: required -> optional");
                break;
        }
    }

    private void CompareSecurity(string operation, JArray old, JArray @new)
    {
        foreach (var alternative in @new.Except(old, JToken.EqualityComparer))
        {
            comparison.Added($"{operation}: access with {Wording.Value(alternative)}");
        }

        foreach (var alternative in old.Except(@new, JToken.EqualityComparer))
        {
            comparison.Removed($"{operation}: access with {Wording.Value(alternative)}", "callers get in that way");
        }
    }

    private static bool IsRequired(JObject facts) => facts["required"] is JValue { Value: true };
}
