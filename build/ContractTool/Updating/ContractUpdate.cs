using LalalAi.ContractTool.Comparing;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;

namespace LalalAi.ContractTool.Updating;

/// <summary>
/// A new contract in the place of the vendored one. It is made only of a document that would build, so that a vendored file
/// is never one that does not.
/// </summary>
internal sealed class ContractUpdate
{
    private readonly ContractSource _source;

    private ContractUpdate(ContractSource source, IReadOnlyList<Change> changes)
    {
        _source = source;
        Changes = changes;
    }

    public IReadOnlyList<Change> Changes { get; }

    /// <summary>Checks the new contract all the way through the lowering and compares it with the vendored one. Writes nothing.</summary>
    public static ContractUpdate Prepare(ContractSource source, string contract, string? overlay)
    {
        var current = OpenApiDocument.Load(contract);

        // The lowering changes the document that it is given.
        Lowerer.Lower(OpenApiDocument.Parse(source.Text, source.Name), overlay is null ? null : Overlay.Load(overlay));

        var changes = DocumentComparison.Compare(current, OpenApiDocument.Parse(source.Text, source.Name));
        if (changes.Any(change => change.IsBreaking) && !source.Text.EndsWith('\n') && !source.Text.TrimEnd().EndsWith('}'))
        {
            throw new ContractException(
                "LC0406",
                $"{source.Name} ends in the middle of a line, and facts of the current contract are missing or different: it looks cut off. Get it again; if it is complete, end its last line in a file and give that.");
        }

        return new ContractUpdate(source, changes);
    }

    public void WriteTo(string contract) => AtomicFile.Write(contract, _source.Content);
}
