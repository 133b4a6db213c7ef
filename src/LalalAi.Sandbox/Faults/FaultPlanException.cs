namespace LalalAi.Sandbox.Faults;

/// <summary>A text is not a valid fault plan. The message names the entry and what to write instead.</summary>
internal sealed class FaultPlanException(string message) : FormatException(message);
