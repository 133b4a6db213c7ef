using System.ComponentModel;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>json</c>: the contract as it is, for programs that read JSON only.</summary>
internal sealed class JsonCommand : Command<JsonCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<CONTRACT>")]
        [Description("The OpenAPI document, YAML or JSON.")]
        public required string Contract { get; init; }

        [CommandOption("-o|--output <FILE>", isRequired: true)]
        [Description("Where the document goes (JSON).")]
        public required string Output { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        AtomicFile.Write(settings.Output, OpenApiDocument.Load(settings.Contract).ToJson());
        return 0;
    }
}
