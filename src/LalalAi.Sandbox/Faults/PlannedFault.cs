namespace LalalAi.Sandbox;

/// <summary>An entry of a <see cref="FaultPlan"/> and what it has done.</summary>
/// <param name="Text">The entry as it was written.</param>
/// <param name="Struck">How many requests it has struck.</param>
/// <param name="Left">How many more it will strike; <see langword="null"/> when there is no end to it.</param>
public sealed record PlannedFault(string Text, int Struck, int? Left);
