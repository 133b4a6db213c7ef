namespace LalalAi.Cli.Diagnosis;

/// <summary>A result of a diagnosis.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Status">The status.</param>
/// <param name="Value">The result.</param>
/// <param name="Advice">The recommended action, or <see langword="null"/>.</param>
internal sealed record Finding(string Name, FindingStatus Status, string Value, string? Advice = null)
{
    /// <summary>The details of the value, one per line.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

/// <summary>The status of a finding.</summary>
internal enum FindingStatus
{
    Ok,

    /// <summary>A part is missing or unusual, but most commands work.</summary>
    Warning,

    /// <summary>Commands that need it fail.</summary>
    Failed,
}
