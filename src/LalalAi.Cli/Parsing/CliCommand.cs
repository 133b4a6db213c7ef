using System.CommandLine;

namespace LalalAi.Cli.Parsing;

/// <summary>A command with examples for its help.</summary>
internal abstract class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>What follows <c>lalalai</c>, for example <c>minutes</c>.</summary>
    public IReadOnlyList<string> Examples { get; protected init; } = [];

    /// <summary>The title of the first section of options.</summary>
    public string Heading { get; protected init; } = "OPTIONS";

    protected void AddAll(params IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Add(option);
        }
    }
}
