using System.ComponentModel;
using LalalAi.ContractTool.Documents;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>format</c>: the vendored contract in the one layout that <c>update</c> writes.</summary>
internal sealed class FormatCommand(TextWriter output) : Command<FormatCommand.Settings>
{
    public const string Description =
        "Writes the vendored contract as canonical YAML. Exit codes: 0 formatted, 1 not formatted (--check only), 3 failed.";

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[FILE]")]
        [Description("The contract, relative to the current folder.")]
        [DefaultValue(UpdateCommand.DefaultContract)]
        public required string Contract { get; init; }

        [CommandOption("--check")]
        [Description("Reports whether the file is formatted and writes nothing.")]
        public bool Check { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var document = VendoredContract.Load(settings.Contract);
        if (document.ToText() == document.Text)
        {
            output.WriteLine($"{settings.Contract} is formatted.");
            return 0;
        }

        if (settings.Check)
        {
            output.WriteLine($"{settings.Contract} is not formatted. Run: dotnet run --project build/ContractTool -- format");
            return 1;
        }

        AtomicFile.Write(settings.Contract, document.ToText());
        output.WriteLine($"{settings.Contract} was formatted.");
        return 0;
    }
}
