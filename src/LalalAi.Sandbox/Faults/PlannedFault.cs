namespace LalalAi.Sandbox;

/// <summary>An entry of a <see cref="FaultPlan"/>.</summary>
/// <param name="Text">The entry in the text grammar.</param>
/// <param name="Applied">The number of requests that it was applied to.</param>
/// <param name="Remaining">The number of further requests that it will apply to; <see langword="null"/> for an unlimited number.</param>
public sealed record PlannedFault(string Text, int Applied, int? Remaining);
