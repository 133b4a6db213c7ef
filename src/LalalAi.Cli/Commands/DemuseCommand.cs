using LalalAi.Cli.Display;

namespace LalalAi.Cli.Commands;

internal sealed class DemuseCommand(Output output) : JobCommand<SplitterSettings>(output)
{
    protected override Task<TaskPresets> PresetsAsync(ILalalAiClient client, SplitterSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<TaskPresets>(new DemuserPresets { Splitter = settings.Splitter, DereverbEnabled = settings.DereverbEnabled, EncoderFormat = settings.EncoderFormat });
}
