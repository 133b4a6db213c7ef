using System.Text.RegularExpressions;
using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Updating;

/// <summary>
/// Brings the facts of a published contract into the vendored one. What is there on both sides keeps our prose, its place and its
/// notation; what is new comes with the publisher's prose, and what is gone takes ours along.
/// </summary>
internal sealed partial class ContractMerge
{
    /// <summary>Values that are data: nothing in them is prose.</summary>
    private static readonly HashSet<string> DataKeywords = ["const", "default"];

    private static readonly HashSet<string> SetKeywords = ["enum", "required", "type"];

    private readonly HashSet<JToken> _unchanged;
    private readonly List<JToken> _new = [];

    private ContractMerge(HashSet<JToken> unchanged) => _unchanged = unchanged;

    /// <summary>Changes the vendored document in place. Returns the places of the publisher's prose in it.</summary>
    public static IReadOnlyList<string> Merge(OpenApiDocument vendored, OpenApiDocument published)
    {
        var theirs = DocumentFacts.Of(published);
        Rename(vendored, SchemaRenames.Find(DocumentFacts.Of(vendored), theirs));
        var merge = new ContractMerge(UnchangedParts(vendored, DocumentFacts.Of(vendored), theirs));
        merge.MergeMapping(vendored.Root, published.Root, keysAreNames: false);

        if (DocumentComparison.Compare(DocumentFacts.Of(vendored), theirs) is [{ } difference, ..])
        {
            throw new ContractException(
                "LC0408",
                $"The merged contract still differs from the published one ({difference}). Extend ContractMerge.",
                SourceLocation.Of(vendored.Root));
        }

        return [.. merge._new.Where(token => token.Root == vendored.Root).SelectMany(Prose).Select(prose => "$." + prose.Path)];
    }

    private static void Rename(OpenApiDocument document, IReadOnlyDictionary<string, string> names)
    {
        foreach (var property in document.Schemas.Properties().Where(property => names.ContainsKey(property.Name)).ToList())
        {
            var renamed = new JProperty(names[property.Name], property.Value);
            if (property.Annotation<YamlComments>() is { } comments)
            {
                renamed.AddAnnotation(comments);
            }

            property.Replace(renamed);
        }

        var references = names.ToDictionary(
            name => OpenApiDocument.SchemaReferencePrefix + name.Key, name => OpenApiDocument.SchemaReferencePrefix + name.Value);
        foreach (var value in document.Root.Descendants().OfType<JValue>())
        {
            if (value.AsText() is { } text && references.TryGetValue(text, out var reference))
            {
                value.Value = reference;
            }
        }
    }

    /// <summary>
    /// Operations whose facts are the same, even if the notation differs: parameters of the path or of the operation, inline or by
    /// reference.
    /// </summary>
    private static HashSet<JToken> UnchangedParts(OpenApiDocument vendored, DocumentFacts old, DocumentFacts @new) =>
    [
        .. from operation in vendored.Operations()
           let name = DocumentFacts.NameOf(operation.Path, operation.Method)
           where @new.Operations.TryGetValue(name, out var facts) && JToken.DeepEquals(facts, old.Operations[name])
           select operation.Operation,
    ];

    private void MergeMapping(JObject ours, JObject theirs, bool keysAreNames)
    {
        foreach (var property in ours.Properties().Where(property => IsFact(property.Name)).ToList())
        {
            if (theirs[property.Name] is not { } value)
            {
                property.Remove();
            }
            else if (MergeValue(property.Name, property.Value, value, keysAreNames) is var merged && merged != property.Value)
            {
                property.Value = merged;
            }
        }

        JProperty? previous = null;
        foreach (var property in theirs.Properties().Where(property => IsFact(property.Name)))
        {
            if (ours.Property(property.Name) is { } known)
            {
                previous = known;
                continue;
            }

            var added = new JProperty(property.Name, Adopt(property.Value, !keysAreNames && OpenApiDocument.HasNames(property.Name)));
            _new.Add(added);
            if (previous is null)
            {
                ours.AddFirst(added);
            }
            else
            {
                previous.AddAfterSelf(added);
            }

            previous = added;
        }

        // Of `info`, the version is the only fact.
        bool IsFact(string key) => keysAreNames
            || !(SchemaFacts.IsProse(key)
                || key == "tags"
                || (ours.Parent is JProperty { Name: "info", Parent.Parent: null } && key != "version"));
    }

    private JToken MergeValue(string key, JToken ours, JToken theirs, bool keyIsName)
    {
        var keysAreNames = !keyIsName && OpenApiDocument.HasNames(key);
        switch (ours, theirs)
        {
            case (JObject, JObject) when _unchanged.Contains(ours) || (!keysAreNames && IsSame(ours, theirs)):
                return ours;
            case (JObject left, JObject right) when keyIsName || !DataKeywords.Contains(key):
                MergeMapping(left, right, keysAreNames);
                return ours;
            case (JArray left, JArray right) when keyIsName || !DataKeywords.Contains(key):
                MergeList(key, left, right);
                return ours;
            default:
                return JToken.DeepEquals(SchemaFacts.Plain(ours), SchemaFacts.Plain(theirs)) ? ours : theirs.DeepClone();
        }
    }

    /// <summary>Keeps the order of the items that stay, and appends those that are new.</summary>
    private void MergeList(string key, JArray ours, JArray theirs)
    {
        var left = theirs.ToList();
        foreach (var item in ours.ToList())
        {
            var match = left.Find(candidate => IsSame(item, candidate))
                ?? (SetKeywords.Contains(key) ? null : left.Find(candidate => HaveOneIdentity(item, candidate)));
            if (match is null)
            {
                item.Remove();
                continue;
            }

            left.Remove(match);
            if (MergeValue(string.Empty, item, match, keyIsName: false) is var merged && merged != item)
            {
                item.Replace(merged);
            }
        }

        foreach (var item in left)
        {
            var added = Adopt(item, keysAreNames: false);
            ours.Add(added);
            _new.Add(added);
        }
    }

    private static bool IsSame(JToken ours, JToken theirs) => (ours, theirs) switch
    {
        (JObject, JObject) => JToken.DeepEquals(SchemaFacts.Of(ours), SchemaFacts.Of(theirs)),
        _ => JToken.DeepEquals(SchemaFacts.Plain(ours), SchemaFacts.Plain(theirs)),
    };

    /// <summary>Whether two items are two versions of one parameter, server or alternative.</summary>
    private static bool HaveOneIdentity(JToken ours, JToken theirs)
    {
        if (ours is not JObject left || theirs is not JObject right)
        {
            return false;
        }

        return left["name"] is not null ? JToken.DeepEquals(left["name"], right["name"]) && JToken.DeepEquals(left["in"], right["in"])
            : left["url"] is not null ? JToken.DeepEquals(left["url"], right["url"])
            : Wording.TypeOf(SchemaFacts.Of(left)) == Wording.TypeOf(SchemaFacts.Of(right));
    }

    /// <summary>A copy of a part that is new, without titles and extensions, and with prose that needs no layout of its own.</summary>
    private static JToken Adopt(JToken theirs, bool keysAreNames)
    {
        switch (theirs)
        {
            case JObject mapping:
                return new JObject(
                    from property in mapping.Properties()
                    where keysAreNames || !(property.Name == "title" || property.Name.StartsWith("x-", StringComparison.Ordinal))
                    let isProse = !keysAreNames && property.Name is "description" or "summary"
                    select new JProperty(
                        property.Name,
                        isProse && property.Value.AsText() is { } text
                            ? Tidy(text)
                            : Adopt(property.Value, !keysAreNames && OpenApiDocument.HasNames(property.Name))));
            case JArray list:
                return new JArray(list.Select(item => Adopt(item, keysAreNames: false)));
            default:
                return theirs.DeepClone();
        }
    }

    private static string Tidy(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim());
        return SoftLineBreak().Replace(EmptyLines().Replace(string.Join('\n', lines).Trim(), "\n\n"), " ");
    }

    private static IEnumerable<JProperty> Prose(JToken added) =>
        (added as JContainer)?.DescendantsAndSelf().OfType<JProperty>()
            .Where(property => property.Name is "description" or "summary" && property.Value is JValue) ?? [];

    /// <summary>What Markdown takes for a space: a line break that begins neither a paragraph nor the item of a list.</summary>
    [GeneratedRegex(@"(?<!\n)\n(?![\n*\d-])")]
    private static partial Regex SoftLineBreak();

    [GeneratedRegex("\n{3,}")]
    private static partial Regex EmptyLines();
}
