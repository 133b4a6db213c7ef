using LalalAi.Contracts.Documents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Overlays;

/// <summary>
/// An OpenAPI Overlay 1.0 document: an ordered list of changes to a contract, each with its reason. Targets are JSONPath as Newtonsoft
/// reads it.
/// </summary>
internal sealed class Overlay
{
    private readonly IReadOnlyList<OverlayAction> _actions;

    private Overlay(IReadOnlyList<OverlayAction> actions) => _actions = actions;

    public static Overlay Load(string path) => Read(JsonDocumentReader.ReadFile(path));

    public static Overlay Parse(string text, string file) => Read(JsonDocumentReader.ReadText(text, file));

    /// <summary>Applies the actions in order. The document is changed in place.</summary>
    public void ApplyTo(OpenApiDocument document)
    {
        foreach (var action in _actions)
        {
            action.ApplyTo(document);
        }
    }

    private static Overlay Read(JObject root)
    {
        if (root["overlay"].AsText() is not { } version || !version.StartsWith("1.0.", StringComparison.Ordinal))
        {
            throw new ContractException("LC0101", "The overlay must start with `overlay: 1.0.0`.", SourceLocation.Of(root));
        }

        return root["actions"] is JArray actions
            ? new Overlay([.. actions.Select(OverlayAction.Read)])
            : throw new ContractException("LC0102", "The overlay has no list of `actions`.", SourceLocation.Of(root));
    }
}

/// <summary>One change of an overlay: a target, a reason, and what to merge in or that the target is removed.</summary>
internal sealed class OverlayAction
{
    private static readonly string[] Fields = ["target", "description", "update", "remove"];

    private readonly string _target;
    private readonly JToken? _update;
    private readonly SourceLocation? _location;

    private OverlayAction(string target, JToken? update, SourceLocation? location)
    {
        _target = target;
        _update = update;
        _location = location;
    }

    public static OverlayAction Read(JToken action)
    {
        var location = SourceLocation.Of(action);
        if (action is not JObject fields || fields["target"].AsText() is not { Length: > 0 } target)
        {
            throw new ContractException("LC0103", "An overlay action needs a `target`.", location);
        }

        if (fields.Properties().FirstOrDefault(field => !Fields.Contains(field.Name)) is { } unknown)
        {
            throw new ContractException(
                "LC0104",
                $"`{unknown.Name}` is no field of an overlay action; the fields are {string.Join(", ", Fields)}.",
                SourceLocation.Of(unknown));
        }

        if (string.IsNullOrWhiteSpace(fields["description"].AsText()))
        {
            throw new ContractException(
                "LC0105", $"The action on `{target}` has no `description`. Say why the contract is changed there.", location);
        }

        if (fields["remove"] is { Type: not JTokenType.Boolean } remove)
        {
            throw new ContractException(
                "LC0106",
                $"The `remove` of the action on `{target}` is `{remove}`; write `true` or leave it out.",
                SourceLocation.Of(remove));
        }

        var removes = (bool?)fields["remove"] ?? false;
        if (removes == (fields["update"] is not null))
        {
            throw new ContractException("LC0106", $"The action on `{target}` needs either an `update` or `remove: true`.", location);
        }

        return new OverlayAction(target, fields["update"], location);
    }

    public void ApplyTo(OpenApiDocument document)
    {
        List<JToken> targets;
        try
        {
            targets = [.. document.Root.SelectTokens(_target)];
        }
        catch (JsonException exception)
        {
            throw new ContractException("LC0107", $"`{_target}` is not a JSONPath: {exception.Message}", _location, exception);
        }

        if (targets.Count == 0)
        {
            throw new ContractException(
                "LC0108",
                $"The overlay's target `{_target}` is not in {document.File}. The contract has moved on: point the action at the new "
                    + "place, or delete it if the contract no longer needs it.",
                _location);
        }

        foreach (var target in targets)
        {
            if (_update is null)
            {
                (target.Parent is JProperty property ? property : target).Remove();
            }
            else
            {
                Merge(target, _update);
            }
        }
    }

    private void Merge(JToken target, JToken update)
    {
        switch (target, update)
        {
            case (JObject existing, JObject addition):
                existing.Merge(
                    addition.DeepClone(),
                    new JsonMergeSettings
                    {
                        MergeArrayHandling = MergeArrayHandling.Concat,
                        MergeNullValueHandling = MergeNullValueHandling.Merge
                    });
                break;
            case (JArray existing, _):
                existing.Add(update.DeepClone());
                break;
            default:
                throw new ContractException(
                    "LC0109",
                    $"`{_target}` selects a plain value; an overlay can only update a mapping or a list. Target the mapping around it.",
                    _location);
        }
    }
}
