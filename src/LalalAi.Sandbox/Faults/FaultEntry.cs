namespace LalalAi.Sandbox.Faults;

/// <summary>One entry of a plan: what goes wrong with a request, where, and how often.</summary>
/// <param name="Faults">What goes wrong, all of it with the same request.</param>
/// <param name="Scope">Where.</param>
/// <param name="Skip">How many requests are let through first.</param>
/// <param name="Times">How many requests it strikes then; null for all.</param>
internal sealed record FaultEntry(IReadOnlyList<Fault> Faults, string Scope, int Skip, int? Times)
{
    /// <summary>The entry in the text grammar; as it was written, where it was.</summary>
    public string Text { get; init; } = FaultGrammar.Write(Faults, Scope, Skip, Times);
}
