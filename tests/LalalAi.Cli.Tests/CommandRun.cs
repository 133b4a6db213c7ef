using LalalAi.Cli.Display;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>One run of the command line inside the test: what it returned, and what it wrote where.</summary>
public sealed record CommandRun(int ExitCode, string Data, string Messages)
{
    public IReadOnlyList<string> Lines => Data.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The events of a run with --json.</summary>
    public IReadOnlyList<JObject> Events(string name) => [.. Lines.Select(JObject.Parse).Where(line => (string?)line["event"] == name)];

    public static async Task<CommandRun> StartAsync(params string[] arguments) => await StartAsync(arguments, CancellationToken.None);

    public static async Task<CommandRun> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var data = new StringWriter();
        var messages = new StringWriter();
        var code = await new CommandLine(
            new Output(
                TextWriter.Synchronized(data), TextWriter.Synchronized(messages), isPlain: true, isDataTerminal: false)).RunAsync(arguments,
            cancellationToken);
        return new CommandRun(code, data.ToString(), messages.ToString());
    }
}
