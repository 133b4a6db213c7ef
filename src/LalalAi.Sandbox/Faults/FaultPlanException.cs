namespace LalalAi.Sandbox.Faults;

/// <summary>A text is no fault plan; the message says where and what to write.</summary>
internal sealed class FaultPlanException(string message) : FormatException(message);
