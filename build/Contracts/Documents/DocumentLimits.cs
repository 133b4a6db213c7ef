namespace LalalAi.Contracts.Documents;

/// <summary>
/// Limits for every document that is read. They are far above what a contract needs (the published one has 110 KB, 3,500 values and 13
/// levels) and keep a document that is broken or hostile from using up the memory or the stack.
/// </summary>
public static class DocumentLimits
{
    public const int Bytes = 8 * 1024 * 1024;

    /// <summary>Levels of mappings and lists. Everything that walks over a document is recursive.</summary>
    public const int Depth = 64;

    /// <summary>Mappings, lists and plain values, with everything that YAML aliases stand for.</summary>
    public const int Nodes = 200_000;

    public static ContractException TooDeep(SourceLocation location) =>
        new(
            "LC0013",
            $"The document is nested more than {Depth} levels deep, which no contract needs. Check that it is the right document.",
            location);

    public static ContractException TooManyNodes(SourceLocation location) =>
        new(
            "LC0013",
            $"The document has more than {Nodes} values, which no contract needs. Check that it is the right document; YAML aliases "
                + "count with everything they stand for.",
            location);

    public static ContractException TooLarge(SourceLocation location) =>
        new(
            "LC0013",
            $"The document is larger than {Bytes / 1024 / 1024} MiB, which no contract needs. Check that it is the right document.",
            location);
}
