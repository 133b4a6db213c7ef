using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>One run of the command line inside the test: what it returned, and what it wrote where.</summary>
public sealed record CommandRun(int ExitCode, string Data, string Messages)
{
    public IReadOnlyList<string> Lines => Data.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The events of a run with --json.</summary>
    public IReadOnlyList<JObject> Events(string name) => [.. Lines.Select(JObject.Parse).Where(line => (string?)line["event"] == name)];

    /// <summary>Runs a command that gets no license key, and no address of a service.</summary>
    public static Task<CommandRun> StartAsync(params string[] arguments) => StartAsync(arguments, CancellationToken.None);

    /// <param name="arguments">The command.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <param name="variables">Its environment variables, instead of those of the process.</param>
    /// <param name="input">Its standard input. Empty by default.</param>
    public static async Task<CommandRun> StartAsync(
        string[] arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? variables = null, TextReader? input = null)
    {
        var (data, messages) = (new StringWriter(), new StringWriter());
        var output = new Output(TextWriter.Synchronized(data), TextWriter.Synchronized(messages), isPlain: true, isDataTerminal: false);
        var code = await new CommandLine(output, Context(variables, input)).RunAsync(arguments, cancellationToken);
        return new CommandRun(code, data.ToString(), messages.ToString());
    }

    internal static ProgramContext Context(IReadOnlyDictionary<string, string>? variables, TextReader? input = null)
    {
        variables ??= new Dictionary<string, string> { [UserFolder.Variable] = SetUpUserFolder.Directory };
        return new ProgramContext(variables.GetValueOrDefault)
        {
            OpenText = () => input ?? TextReader.Null,
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
        };
    }
}
