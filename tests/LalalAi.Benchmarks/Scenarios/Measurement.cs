namespace LalalAi.Benchmarks.Scenarios;

/// <summary>One line of the result.</summary>
/// <param name="Scenario">What was done.</param>
/// <param name="Figure">What this client took.</param>
/// <param name="Reference">What the other way took, in the same run.</param>
/// <param name="Ratio">The one against the other.</param>
/// <param name="Target">What is aimed at.</param>
/// <param name="IsMet">Whether it is reached.</param>
internal sealed record Measurement(string Scenario, string Figure, string Reference, string Ratio, string Target, bool IsMet)
{
    public override string ToString() => $"| {Scenario} | {Figure} | {Reference} | {Ratio} | {Target} | {(IsMet ? "met" : "**missed**")} |";
}
