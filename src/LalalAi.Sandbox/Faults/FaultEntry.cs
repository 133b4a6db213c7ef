namespace LalalAi.Sandbox.Faults;

/// <summary>One entry of a fault plan.</summary>
/// <param name="Faults">The faults. All of them apply to the same request.</param>
/// <param name="Scope">The operations that it applies to.</param>
/// <param name="Skip">The number of requests to skip first.</param>
/// <param name="Times">The number of requests that it then applies to; null for all.</param>
internal sealed record FaultEntry(IReadOnlyList<Fault> Faults, string Scope, int Skip, int? Times)
{
    /// <summary>The entry in the text grammar, unchanged if it was added as text.</summary>
    public string Text { get; init; } = FaultGrammar.Write(Faults, Scope, Skip, Times);
}
