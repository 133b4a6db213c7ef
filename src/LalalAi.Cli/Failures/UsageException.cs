namespace LalalAi.Cli.Failures;

/// <summary>The command or its arguments are not valid. The message describes the correct use.</summary>
internal sealed class UsageException(string message) : Exception(message);
