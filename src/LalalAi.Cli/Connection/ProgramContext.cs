namespace LalalAi.Cli.Connection;

/// <summary>The surroundings of the program: its environment variables, standard input, and standard output for a protocol.</summary>
/// <param name="getVariable">Returns an environment variable, or <see langword="null"/> if it is not set.</param>
internal sealed class ProgramContext(Func<string, string?> getVariable)
{
    /// <summary>Creates options with the license key and the address of the environment.</summary>
    public required Func<LalalAiClientOptions> CreateClientOptions { get; init; }

    /// <summary>Opens standard input as text. On Unix, this changes the settings of a terminal, so it is opened only if needed.</summary>
    public required Func<TextReader> OpenInputText { get; init; }

    /// <summary>Opens standard input for a protocol.</summary>
    public required Func<Stream> OpenInputStream { get; init; }

    /// <summary>Opens standard output for a protocol.</summary>
    public required Func<Stream> OpenOutputStream { get; init; }

    /// <summary>Returns an environment variable, or <see langword="null"/> if it is not set or empty.</summary>
    public string? Variable(string name) => getVariable(name) is { Length: > 0 } value ? value : null;
}
