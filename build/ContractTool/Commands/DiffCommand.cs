using System.ComponentModel;
using LalalAi.Contracts.Comparing;
using LalalAi.Contracts.Documents;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>diff</c>: what changed between two contracts, and whether it breaks callers.</summary>
internal sealed class DiffCommand(TextWriter output) : Command<DiffCommand.Settings>
{
    public const string Description = $"Says what changed between two contracts and what of it breaks callers. {ChangeReport.ExitCodes}";

    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<OLD>")]
        [Description("The contract that callers know, YAML or JSON.")]
        public required string Old { get; init; }

        [CommandArgument(1, "<NEW>")]
        [Description("The contract to compare with it, YAML or JSON.")]
        public required string New { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken) =>
        ChangeReport.Print(DocumentComparison.Compare(OpenApiDocument.Load(settings.Old), OpenApiDocument.Load(settings.New)), output);
}
