using LalalAi.Cli.Commands;
using Spectre.Console.Cli;

namespace LalalAi.Cli;

/// <summary>The <c>lalalai</c> command: what it consists of, and how failures become messages and exit codes.</summary>
internal sealed class CommandLine
{
    private readonly Output _output;

    /// <param name="data">Where results go, one a line, for other programs.</param>
    /// <param name="messages">Where people read along.</param>
    /// <param name="isPlain">Whether messages go to a file or a pipe, where nothing can be redrawn.</param>
    public CommandLine(TextWriter data, TextWriter messages, bool isPlain) => _output = new Output(data, messages, isPlain);

    public async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var app = new CommandApp();
        app.Configure(Configure);
        try
        {
            return await app.RunAsync(arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return _output.Fail(exception, cancellationToken);
        }
    }

    private void Configure(IConfigurator configuration)
    {
        configuration.SetApplicationName("lalalai");
        configuration.Settings.Registrar.RegisterInstance(_output);
        configuration.ConfigureConsole(_output.Console);
        configuration.PropagateExceptions();
        configuration.UseStrictParsing();
        configuration.AddCommand<SplitCommand>("split")
            .WithDescription("Splits a song into a stem and the rest.")
            .WithExample("split", "song.flac", "--stem", "vocals", "-o", "out")
            .WithExample("split", "song.wav", "--sandbox");
        configuration.AddCommand<StatusCommand>("status")
            .WithDescription("Shows how far tasks are.")
            .WithExample("status", "7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34");
        configuration.AddCommand<MinutesCommand>("minutes").WithDescription("Shows the minutes that are left to spend.");
        configuration.AddCommand<PacksCommand>("packs").WithDescription("Lists your own voice packs.");
        configuration.AddCommand<SandboxCommand>("sandbox")
            .WithDescription("Runs a stand-in for the service, to try and test with: no account, no cost.")
            .WithExample("sandbox", "--port", "8080", "--speed", "10");
        configuration.AddCommand<DemoCommand>("demo").WithDescription("Makes a short song, splits it in the sandbox, and shows where the tracks are.");
    }
}
