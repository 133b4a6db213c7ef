using System.Text.RegularExpressions;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// A property whose C# name the class template cannot make by joining its words -> the same with that name beside it. NSwag keeps most of
/// what C# does not allow in a name, and a property named like its class does not compile.
/// </summary>
internal sealed partial class PropertyNamesRule : ILoweringRule
{
    public const string NameExtension = "x-csharp-property";

    private static readonly HashSet<string> MembersOfEveryRecord =
        ["AdditionalProperties", "Clone", "Deconstruct", "EqualityContract", "Equals", "Finalize", "GetHashCode", "GetType",
            "MemberwiseClone", "PrintMembers", "ReferenceEquals", "ToString"];

    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            var names = new Dictionary<string, string>();
            foreach (var (wireName, property) in Schemas.PropertiesOf(schema))
            {
                var name = NameOf(schema, wireName, property);
                if (!names.TryAdd(name, wireName))
                {
                    throw new ContractException(
                        "LC0271",
                        $"The properties `{names[name]}` and `{wireName}` of `{ContractPlace.Of(schema)}` would both be called `{name}` "
                            + $"in C#. Name one of them. {Entry(property)}",
                        SourceLocation.Of(property));
                }

                property.Remove(NameExtension);
                if (!JoinedWords().IsMatch(wireName) || CSharpName.From(wireName) != name)
                {
                    property[NameExtension] = name;
                    count++;
                }
            }
        }

        return count;
    }

    private static string NameOf(JObject schema, string wireName, JObject property)
    {
        if (!WireName().IsMatch(wireName))
        {
            throw new ContractException(
                "LC0272",
                $"The property `{wireName}` of `{ContractPlace.Of(schema)}` has characters in its name that no property of this API "
                    + "needs. Remove it in the overlay; it stays accessible in AdditionalProperties.",
                SourceLocation.Of(property));
        }

        var type = (schema.Parent as JProperty)?.Name;
        var name = property[NameExtension].AsText() ?? CSharpName.From(wireName);
        return name is not null && CSharpName.IsValid(name) && name != type && !MembersOfEveryRecord.Contains(name)
            ? name
            : throw new ContractException(
                "LC0270",
                $"The property `{wireName}` of `{ContractPlace.Of(schema)}` has no name in C#: what its words give is not a C# name, is "
                    + $"its type's, or is one that every record has. {Entry(property)}",
                SourceLocation.Of(property));
    }

    private static string Entry(JObject property) => ContractPlace.OverlayEntry(property, $"{NameExtension}: NAME");

    /// <summary>What the class template turns into the same name.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]*(_[A-Za-z][A-Za-z0-9]*)*\z")]
    private static partial Regex JoinedWords();

    [GeneratedRegex(@"^[A-Za-z0-9_.:/@$#+~ \[\]-]+\z")]
    private static partial Regex WireName();
}
