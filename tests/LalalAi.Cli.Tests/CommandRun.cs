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

    public static Task<CommandRun> StartAsync(string[] arguments, CancellationToken cancellationToken) =>
        StartAsync(arguments, Context(new Dictionary<string, string> { [UserFolder.Variable] = SetUpUserFolder.Directory }), cancellationToken);

    internal static async Task<CommandRun> StartAsync(string[] arguments, ProgramContext context, CancellationToken cancellationToken)
    {
        var (data, messages) = (new StringWriter(), new StringWriter());
        var output = new Output(TextWriter.Synchronized(data), TextWriter.Synchronized(messages), isPlain: true, isDataTerminal: false);
        var code = await new CommandLine(output, context).RunAsync(arguments, cancellationToken);
        return new CommandRun(code, data.ToString(), messages.ToString());
    }

    /// <summary>Returns a context with the given variables and streams, and nothing of the test process.</summary>
    internal static ProgramContext Context(
        IReadOnlyDictionary<string, string> variables,
        TextReader? text = null,
        Stream? input = null,
        Stream? output = null,
        TimeSpan? retryDelay = null) =>
        new(variables.GetValueOrDefault)
        {
            CreateClientOptions = () => new LalalAiClientOptions
            {
                LicenseKey = variables.GetValueOrDefault(LalalAiClientOptions.LicenseKeyVariable, string.Empty),
                BaseAddress = variables.TryGetValue(LalalAiClientOptions.BaseAddressVariable, out var address)
                    ? new Uri(address)
                    : LalalAiClientOptions.DefaultBaseAddress,
                RetryDelay = retryDelay ?? new LalalAiClientOptions().RetryDelay,
            },
            OpenInputText = () => text ?? TextReader.Null,
            OpenInputStream = () => input ?? Stream.Null,
            OpenOutputStream = () => output ?? Stream.Null,
        };
}
