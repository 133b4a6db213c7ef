namespace LalalAi.Cli.Commands;

internal sealed class PacksCommand(Output output) : ServiceCommand<ServiceSettings>(output)
{
    protected override async Task<int> RunAsync(ILalalAiClient client, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var packs = await client.GetVoicePacksAsync(cancellationToken).ConfigureAwait(false);
        foreach (var pack in packs)
        {
            Output.Result(
                "pack",
                new { pack_id = pack.Id, name = pack.Name, created_at = pack.CreatedAt, is_ready = pack.IsReady },
                $"{pack.Id}  {pack.CreatedAt:yyyy-MM-dd}  {pack.Name}{(pack.IsReady == false ? " (not ready yet)" : string.Empty)}");
        }

        if (packs.Count == 0)
        {
            Output.Say("There are no voice packs of your own; the ready-made voices need none.");
        }

        return ExitCode.Success;
    }
}
