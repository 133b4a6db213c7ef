using System.CommandLine;
using System.Globalization;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using Spectre.Console;

namespace LalalAi.Cli.Commands;

internal sealed class LoginCommand : OutputCommand
{
    public LoginCommand(Output output, ProgramContext context)
        : base(
            output,
            context,
            "login",
            "Store your license key in a file that only you can read. "
                + "The key is read from a prompt or from standard input, and verified with a free request.") =>
        Examples = ["login", "login < key.txt"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var key = await ReadKeyAsync(cancellationToken);
        var keys = new StoredKeys(Context);
        double? minutes;
        var options = new ConnectionOptions(Context) { Key = key, Log = new ClientLog(Output) };
        await using (var connection = await ServiceConnection.OpenAsync(options, cancellationToken))
        {
            minutes = await connection.GetMinutesLeftAsync(cancellationToken);
            keys.Store(connection.Client.BaseAddress, key);
        }

        var text = minutes is { } left ? string.Create(CultureInfo.InvariantCulture, $", with {left:0.##} minutes left") : string.Empty;
        Output.Say($"The key was accepted{text}. It is stored in {keys.FilePath}; `lalalai logout` removes it.");
        if (Context.CreateClientOptions().LicenseKey.Length > 0)
        {
            Output.Say($"{LalalAiClientOptions.LicenseKeyVariable} is set and has precedence over it.");
        }

        return ExitCode.Success;
    }

    private async Task<string> ReadKeyAsync(CancellationToken cancellationToken)
    {
        var key = Output.CanAsk ? await AskAsync(cancellationToken) : await ReadInputAsync(cancellationToken);
        return key.Trim() is { Length: > 0 } read
            ? read
            : throw new UsageException(
                "No license key was entered. Run `lalalai login` in a terminal, "
                    + "or pass the key through standard input: lalalai login < key.txt.");
    }

    // The console reads synchronously, even in its asynchronous methods.
    private Task<string> ReadInputAsync(CancellationToken cancellationToken) =>
        Task.Run(() => LicenseKey.Read(Context.OpenInputText(), "Standard input", isLine: true), cancellationToken)
            .WaitAsync(cancellationToken);

    private async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        var prompt = new TextPrompt<string>("License key (it is not shown):") { AllowEmpty = true }.Secret(null);
        try
        {
            return await Output.Console.PromptAsync(prompt, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Messages begin on a new line.
            Output.Console.WriteLine();
            throw;
        }
    }
}
