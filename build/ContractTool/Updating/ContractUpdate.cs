using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using LalalAi.Contracts.Downloads;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;

namespace LalalAi.ContractTool.Updating;

/// <summary>
/// The vendored contract with the facts of a newly published one. It is made only of a document that lowers, so that a vendored file is
/// never one that does not.
/// </summary>
/// <param name="Changes">What changed in facts. When nothing did, the contract stays as it is and the rest is empty.</param>
/// <param name="Contract">The text of the new vendored contract.</param>
/// <param name="Surface">What the changes mean for the C# surface.</param>
/// <param name="PublishersProse">The places of the publisher's prose that came along and should be reworded.</param>
internal sealed record ContractUpdate(
    IReadOnlyList<Change> Changes, string Contract, SurfaceChanges Surface, IReadOnlyList<string> PublishersProse)
{
    public static ContractUpdate Prepare(ContractSource source, string contract, string? overlay)
    {
        var vendored = VendoredContract.Load(contract);
        var published = OpenApiDocument.Parse(source.Text, source.Name);

        // A copy, since lowering changes it.
        Lower(published.Copy(), overlay);
        var changes = DocumentComparison.Compare(vendored.Document, published);
        if (changes.Count == 0)
        {
            return new ContractUpdate(changes, vendored.Text, SurfaceChanges.None, []);
        }

        if (changes.Any(change => change.IsBreaking) && !source.Text.EndsWith('\n') && !source.Text.TrimEnd().EndsWith('}'))
        {
            throw new ContractException(
                "LC0406",
                $"{source.Name} ends in the middle of a line, and facts of the current contract are missing or different: it looks "
                    + "truncated. Get it again; if it is complete, end its last line in a file and pass that.");
        }

        var before = SurfaceOf(vendored.Document.Copy(), overlay);
        var prose = ContractMerge.Merge(vendored.Document, published);
        var text = vendored.ToText();
        return new ContractUpdate(changes, text, SurfaceChanges.Between(before, Lower(vendored.Document, overlay)), prose);
    }

    /// <summary>Null when the overlay already fits the new contract and no longer the current one.</summary>
    private static OpenApiDocument? SurfaceOf(OpenApiDocument contract, string? overlay)
    {
        try
        {
            return Lower(contract, overlay);
        }
        catch (ContractException)
        {
            return null;
        }
    }

    private static OpenApiDocument Lower(OpenApiDocument document, string? overlay) =>
        Lowerer.Lower(document, overlay is null ? null : Overlay.Load(overlay)).Document;
}
