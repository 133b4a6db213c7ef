using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Commands;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool;

/// <summary>The command line: which commands there are, and what an error looks like.</summary>
internal static class ContractToolApp
{
    /// <summary>The exit code when a person has to do something first.</summary>
    public const int Failed = 3;

    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var app = new CommandApp();
        app.Configure(configuration =>
        {
            configuration.SetApplicationName("ContractTool");
            configuration.PropagateExceptions();
            configuration.ConfigureConsole(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }));
            configuration.Settings.Registrar.RegisterInstance(output);
            configuration
                .AddCommand<LowerCommand>("lower")
                .WithDescription("Turns the contract into the OpenAPI 3.0 document that NSwag reads.");
            configuration.AddCommand<JsonCommand>("json").WithDescription("Writes the contract as JSON.");
            configuration.AddCommand<DiffCommand>("diff").WithDescription(DiffCommand.Description);
            configuration.AddCommand<UpdateCommand>("update").WithDescription(UpdateCommand.Description);
            configuration.AddCommand<FormatCommand>("format").WithDescription(FormatCommand.Description);
        });

        try
        {
            return app.Run(args);
        }
        catch (ContractException exception)
        {
            error.WriteLine(exception.ToCanonicalMessage("ContractTool"));
            return Failed;
        }
        catch (CommandAppException exception)
        {
            error.WriteLine(new ContractException("LC0000", $"{exception.Message} Run it with --help.").ToCanonicalMessage("ContractTool"));
            return Failed;
        }
    }
}
