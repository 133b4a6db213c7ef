using LalalAi.Cli.Display;
using LalalAi.Cli.Jobs;

namespace LalalAi.Cli.Commands;

internal sealed class DemuseCommand(Output output) : JobCommand<SplitterSettings>(output)
{
    protected override Task<Recipe> RecipeAsync(ILalalAiClient client, SplitterSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult(Recipe.Of(new DemuserPresets { Splitter = settings.Splitter, DereverbEnabled = settings.DereverbEnabled, EncoderFormat = settings.EncoderFormat }));
}
