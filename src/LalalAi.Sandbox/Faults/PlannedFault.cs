namespace LalalAi.Sandbox;

/// <summary>An entry of a <see cref="FaultPlan"/>.</summary>
/// <param name="Text">The entry in the text grammar.</param>
/// <param name="Struck">How many requests it has struck.</param>
/// <param name="Left">How many more requests it will strike; <see langword="null"/> for an unlimited number.</param>
public sealed record PlannedFault(string Text, int Struck, int? Left);
