using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Commands;

internal sealed class PacksCommand : ServiceCommand
{
    public PacksCommand(Output output, ProgramContext context)
        : base(output, context, "packs", "List the voices: your own voice packs and the built-in ones.") => Examples = ["packs"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(arguments, cancellationToken);
        var packs = await connection.Client.GetVoicePacksAsync(cancellationToken);
        foreach (var pack in packs)
        {
            Output.Result(
                "pack",
                new { pack_id = pack.Id, name = pack.Name, created_at = pack.CreatedAt, is_ready = pack.IsReady, is_built_in = false },
                $"{pack.Id}  {pack.CreatedAt:yyyy-MM-dd}  "
                    + $"{CellText.Printable(pack.Name)}{(pack.IsReady == false ? " (not ready yet)" : string.Empty)}");
        }

        foreach (var voice in Voices.BuiltIn)
        {
            Output.Event("pack", new { pack_id = voice, name = voice, is_ready = true, is_built_in = true });
        }

        Output.Say(
            $"{(packs.Count == 0 ? "You have no voice packs of your own. " : string.Empty)}Built-in voices (no pack needed): "
                + $"{string.Join(", ", Voices.BuiltIn)}.");
        return ExitCode.Success;
    }
}
