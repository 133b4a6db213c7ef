using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LalalAi.ContractTool.Lowering.Rules;

/// <summary>
/// The values of an enum -> C# names beside them, from <c>x-csharp-names</c> or made of the value. NSwag makes <c>Sirius2.0</c> of
/// <c>sirius-2.0</c>, numbers the values of integer enums, and does not notice two values with one name.
/// </summary>
internal sealed class EnumNamesRule : ILoweringRule
{
    /// <summary>Names by value: an order would name another value as soon as one is inserted.</summary>
    public const string NamesExtension = "x-csharp-names";

    private static readonly HashSet<string> MembersOfEveryEnum =
        ["Value", "KnownValues", "Deconstruct", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers",
            "ReferenceEquals", "ToString"];

    public int Apply(LoweringContext context)
    {
        var count = 0;
        foreach (var schema in Schemas.In(context.Document))
        {
            if (schema["enum"] is not JArray values)
            {
                continue;
            }

            var given = schema[NamesExtension] as JObject ?? [];
            schema.Remove(NamesExtension);
            if (given.Properties().FirstOrDefault(name => values.All(value => TextOf(value) != name.Name)) is { } stale)
            {
                throw new ContractException(
                    "LC0262",
                    $"The overlay names the value `{stale.Name}` of `{ContractPlace.Of(schema)}`, which the contract no longer has. "
                        + $"Remove the name from `{NamesExtension}`.",
                    SourceLocation.Of(schema));
            }

            var names = values.Select(value => (Value: value, Name: NameOf(schema, value, given))).ToList();
            if (names.GroupBy(name => name.Name).FirstOrDefault(group => group.Count() > 1) is { } shared)
            {
                var (first, second) = (shared.First().Value, shared.Last().Value);
                throw new ContractException(
                    "LC0261",
                    $"The values `{first}` and `{second}` of `{ContractPlace.Of(schema)}` would both be called `{shared.Key}` in C#. "
                        + $"Name one of them. {Entry(schema, second)}",
                    SourceLocation.Of(second));
            }

            schema["x-enumNames"] = new JArray(names.Select(name => name.Name));
            count++;
        }

        return count;
    }

    private static string NameOf(JObject schema, JToken value, JObject given)
    {
        var text = TextOf(value);
        if (PrintableText.Of(text) != text)
        {
            throw new ContractException(
                "LC0263",
                $"A value of the enum `{ContractPlace.Of(schema)}` has a line break or another control character, which no value of this "
                    + "API needs. Remove the value in the overlay.",
                SourceLocation.Of(value));
        }

        var type = (schema.Parent as JProperty)?.Name;
        var name = given[text].AsText() ?? (value.AsText() is null ? null : Derive(text));
        return name is not null && CSharpName.IsValid(name) && name != type && !MembersOfEveryEnum.Contains(name)
            ? name
            : throw new ContractException(
                "LC0260",
                $"The value `{text}` of `{ContractPlace.Of(schema)}` has no name in C#. {Entry(schema, value)}",
                SourceLocation.Of(value));
    }

    private static string? Derive(string text) => CSharpName.From(text) ?? CSharpName.From("Value" + text);

    private static string Entry(JObject schema, JToken value) =>
        ContractPlace.OverlayEntry(schema, $"{NamesExtension}: {{{JsonConvert.ToString(TextOf(value))}: NAME}}");

    private static string TextOf(JToken value) => value.AsText() ?? value.ToString(Formatting.None);
}
