namespace LalalAi.Sandbox.Faults;

/// <summary>A text is not a valid fault plan. The message contains the entry and the valid values.</summary>
internal sealed class FaultPlanException(string message) : FormatException(message);
