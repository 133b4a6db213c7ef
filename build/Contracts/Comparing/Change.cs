using LalalAi.Contracts.Documents;

namespace LalalAi.Contracts.Comparing;

public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One difference between two contracts, in a reader's words.</summary>
/// <param name="Kind">Whether something came, went or became something else.</param>
/// <param name="Text">What is different and where.</param>
/// <param name="Breaks">Why existing callers break; null when they do not.</param>
public sealed record Change(ChangeKind Kind, string Text, string? Breaks = null)
{
    public string Text { get; } = PrintableText.Of(Text);

    public bool IsBreaking => Breaks is not null;

    public override string ToString()
    {
        var sign = Kind switch { ChangeKind.Added => '+', ChangeKind.Removed => '-', _ => '~' };
        return IsBreaking ? $"{sign} {Text} (breaking: {Breaks})" : $"{sign} {Text}";
    }
}
