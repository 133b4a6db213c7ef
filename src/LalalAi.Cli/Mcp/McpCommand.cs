using System.CommandLine;
using System.Globalization;
using LalalAi.AI;
using LalalAi.Cli.Commands;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Parsing;
using ModelContextProtocol.Server;

namespace LalalAi.Cli.Mcp;

/// <summary>
/// Serves the functions of <see cref="LalalAiFunctions"/> to agents over standard input and output. Nothing else is written to standard
/// output.
/// </summary>
internal sealed class McpCommand : ServiceCommand
{
    private const string SandboxNotice = "Sandbox: no minutes are spent, and the tracks are not real stems.";

    private readonly CliOption<string[]> _allow = CliOption.Texts(
        OptionGroup.Inputs, "--allow", "DIR", "A folder with recordings that the agent may use. Can be given more than once. Required.");

    private readonly CliOption<string?> _output = CliOption.Text(
        OptionGroup.Output,
        "--output",
        "DIR",
        "The folder for the tracks and the journal. Without it, the agent can only query prices and the account. "
            + "Choose one that it cannot write to by other means.",
        "-o");

    private readonly CliOption<double?> _maxMinutes = CliOption.Number(
        OptionGroup.Cost,
        "--max-minutes",
        "The total budget of the output folder in minutes, earlier runs included. Without it, the agent cannot spend any.");

    private readonly CliOption<double?> _askAbove = CliOption.Number(
        OptionGroup.Cost,
        "--ask-above",
        "Ask you through the agent's program before a job that costs more than N minutes, or whose price is not known. "
            + "Without an answer within 45 seconds, the job is not started. Never by default.");

    public McpCommand(Output output, ProgramContext context)
        : base(output, context, "mcp", "Serve agents over the Model Context Protocol, within folders and a budget that you set.")
    {
        // Standard output is reserved for the protocol.
        Options.Remove(Options.Single(option => option.Name == JsonOption));
        AddAll(_allow, _output, _maxMinutes, _askAbove);

        Examples =
        [
            "mcp --allow ~/Music -o ~/Stems --max-minutes 60 --ask-above 10",
            "mcp --allow ~/Music -o ~/Stems --max-minutes 60 --sandbox",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        ServiceConnection? connection = null;
        var options = ReadOptions(arguments, () => connection);
        try
        {
            // The first call opens the connection, because clients wait only a few seconds for the first response, and a sandbox starts
            // slowly.
            await using var functions = LalalAiFunctions.Create(
                async token => (connection = await OpenAsync(arguments, token)).Client, options);
            await using var transport = new StdioTransport(Context.OpenInputStream(), Context.OpenOutputStream());
            await using var server = McpServer.Create(transport, FunctionServer.Options(functions, options, transport.InputClosed));
            Output.Say("The MCP server is ready. It ends when its standard input is closed.");
            await server.RunAsync(cancellationToken);
            return ExitCode.Success;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<ServiceConnection> OpenAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(arguments, cancellationToken);
        }
        catch (UsageException exception)
        {
            throw new LalalAiFunctionException(exception.Message, exception);
        }
    }

    private LalalAiFunctionsOptions ReadOptions(ParseResult arguments, Func<ServiceConnection?> connection)
    {
        var folders = arguments.GetValue(_allow)!;
        if (folders.Length == 0)
        {
            throw new UsageException("No folder is allowed. Pass the folder with the recordings: lalalai mcp --allow DIR.");
        }

        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
        {
            throw new UsageException($"--allow is '{missing}', which is not a folder.");
        }

        var output = arguments.GetValue(_output) is { } directory ? Path.GetFullPath(directory) : null;
        var maxMinutes = arguments.GetValue(_maxMinutes);
        if (output is null && maxMinutes is not null)
        {
            throw new UsageException("--max-minutes needs an output folder, which counts what was spent. Add -o DIR.");
        }

        // Users must not mistake test tracks for real stems.
        output = output is not null && IsSandbox(arguments) ? Path.Combine(output, ServiceConnection.SandboxName) : output;
        var askAbove = arguments.GetValue(_askAbove);
        return new LalalAiFunctionsOptions
        {
            AllowedFolders = [.. folders.Select(Path.GetFullPath)],
            OutputFolder = output,
            MaxMinutes = maxMinutes,
            ApproveAsync = askAbove is null ? null : FunctionServer.AskAsync,
            ApproveAboveMinutes = askAbove ?? 0,
            ReadDuration = file => MediaDuration.TryRead(PathOf(file)),
            OpenStore = () => JournalJobStore.Open(output!, connection()!, maxMinutes),
            GetSecrets = () => connection() is { } opened ? [opened.Secret] : [],
            Notice = IsSandbox(arguments) ? SandboxNotice : null,
        };
    }

    // On Linux, the path of the open file, so that ffprobe cannot be given a replaced file.
    private static string PathOf(FileStream file) => OperatingSystem.IsLinux()
        ? string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}")
        : file.Name;
}
