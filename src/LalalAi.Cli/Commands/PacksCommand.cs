using LalalAi.Cli.Display;

namespace LalalAi.Cli.Commands;

internal sealed class PacksCommand(Output output) : ServiceCommand<ServiceSettings>(output)
{
    protected override async Task<int> RunAsync(ServiceConnection connection, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var packs = await connection.Client.GetVoicePacksAsync(cancellationToken);
        foreach (var pack in packs)
        {
            Output.Result(
                "pack",
                new { pack_id = pack.Id, name = pack.Name, created_at = pack.CreatedAt, is_ready = pack.IsReady },
                $"{pack.Id}  {pack.CreatedAt:yyyy-MM-dd}  {pack.Name}{(pack.IsReady == false ? " (not ready yet)" : string.Empty)}");
        }

        Output.Say($"{(packs.Count == 0 ? "There are no voice packs of your own. " : string.Empty)}The ready-made voices need none: {string.Join(", ", Voices.ReadyMade)}.");
        return ExitCode.Success;
    }
}
