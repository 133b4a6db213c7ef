namespace LalalAi.Cli.Diagnosis;

/// <summary>One thing that a diagnosis looked at.</summary>
/// <param name="Name">What it is, in a word or two.</param>
/// <param name="Status">Whether it is as it should be.</param>
/// <param name="Value">What was found.</param>
/// <param name="Advice">What to do about it, if there is something to do.</param>
internal sealed record Finding(string Name, FindingStatus Status, string Value, string? Advice = null)
{
    /// <summary>What the value sums up, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

/// <summary>Whether a finding is as it should be.</summary>
internal enum FindingStatus
{
    Ok,

    /// <summary>Something is missing or unusual, and most commands work all the same.</summary>
    Warning,

    /// <summary>Commands that need it fail.</summary>
    Failed,
}
