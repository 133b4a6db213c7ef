namespace LalalAi.Cli.Failures;

/// <summary>What was asked for cannot be done as it was asked; the message says how to ask.</summary>
internal sealed class UsageException(string message) : Exception(message);
