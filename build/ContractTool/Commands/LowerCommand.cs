using System.ComponentModel;
using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Lowering;
using LalalAi.ContractTool.Overlays;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Spectre.Console.Cli;

namespace LalalAi.ContractTool.Commands;

/// <summary><c>lower</c>: contract and overlay in, the document for NSwag and the union tables out.</summary>
internal sealed class LowerCommand(TextWriter output) : Command<LowerCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<CONTRACT>")]
        [Description("The OpenAPI document, YAML or JSON.")]
        public required string Contract { get; init; }

        [CommandOption("--overlay <FILE>")]
        [Description("An OpenAPI Overlay 1.0 document to apply first.")]
        public string? Overlay { get; init; }

        [CommandOption("-o|--output <FILE>", isRequired: true)]
        [Description("Where the lowered document goes (JSON).")]
        public required string Output { get; init; }

        [CommandOption("--unions <FILE>")]
        [Description("Where the union tables go (JSON).")]
        public string? Unions { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var overlay = settings.Overlay is null ? null : Overlay.Load(settings.Overlay);
        var result = Lowerer.Lower(OpenApiDocument.Load(settings.Contract), overlay);
        foreach (var rule in result.IdleRules)
        {
            output.WriteLine($"{settings.Contract}: {rule} found nothing to do; if that stays so, it can be deleted.");
        }

        AtomicFile.Write(settings.Output, result.Document.ToJson());
        if (settings.Unions is not null)
        {
            var tables = new JObject { ["unions"] = JArray.FromObject(result.Unions) };
            AtomicFile.Write(settings.Unions, tables.ToString(Formatting.Indented) + "\n");
        }

        return 0;
    }
}
