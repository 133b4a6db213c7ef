using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Lowering.Rules;
using LalalAi.ContractTool.Overlays;

namespace LalalAi.ContractTool.Lowering;

/// <summary>Turns the contract, as OpenAPI 3.1 and with the overlay's names, into the plain OpenAPI 3.0 that NSwag reads well.</summary>
internal static class Lowerer
{
    /// <summary>The rules in the order in which they run; what one leaves behind, the next may count on.</summary>
    public static IReadOnlyList<ILoweringRule> Rules { get; } =
    [
        new OpenApiVersionRule(),
        new LocalDefinitionsRule(),
        new SchemaNamesRule(),
        new DiscriminatedUnionsRule(),
        new ErrorShapesRule(),
        new NullableTypesRule(),
        new StringEnumUnionsRule(),
        new MixedTypesRule(),
        new TuplesRule(),
        new OptionalDefaultsRule(),
        new ConstantsRule(),
        new InlineEnumsRule(),
        new EnumNamesRule(),
        new PropertyNamesRule(),
        new ReferenceSiblingsRule(),
        new FormatsRule(),
        new WideIntegersRule(),
        new ExamplesRule(),
        new OperationNamesRule(),
        new ParameterNamesRule(),
        new ProseRule(),
    ];

    public static LoweringResult Lower(OpenApiDocument document, Overlay? overlay)
    {
        PublishedExtensions.RemoveFrom(document);
        overlay?.ApplyTo(document);
        ContractPlace.Annotate(document);
        var context = new LoweringContext(document);
        var idle = new List<string>();
        try
        {
            foreach (var rule in Rules)
            {
                if (rule.Apply(context) == 0)
                {
                    idle.Add(rule.GetType().Name);
                }
            }

            LoweredDocumentCheck.Check(document);
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidCastException or ArgumentException)
        {
            throw OpenApiDocument.WrongForm(document, exception);
        }

        return new LoweringResult(document, context.Unions, idle);
    }
}

/// <summary>A lowered document, the unions taken out of it, and the names of the rules that found nothing to do.</summary>
internal sealed record LoweringResult(OpenApiDocument Document, IReadOnlyList<UnionTable> Unions, IReadOnlyList<string> IdleRules);
