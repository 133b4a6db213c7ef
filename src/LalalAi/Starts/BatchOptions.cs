namespace LalalAi;

/// <summary>How many tasks are started at once.</summary>
public sealed record BatchOptions
{
    /// <summary>
    /// Whether the items are started one by one when the plan has no batches (<c>batch_not_avaliable</c>). By default <see langword="true"/>; otherwise each item of the refused request
    /// is a <see cref="TaskStartFailed"/>.
    /// </summary>
    public bool FallBackToSingleStarts { get; init; } = true;
}
