using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class CleanCommand(Output output) : JobCommand<CleanCommand.Settings>(output)
{
    internal sealed class Settings : SplitterSettings
    {
        [CommandOption("--noise-cancelling <LEVEL>")]
        [Description("How much noise to take away: mild, normal or aggressive. By default mild.")]
        public string? NoiseCancelling { get; init; }

        /// <summary>The level, or <see langword="null"/> when the service is to choose.</summary>
        public FilteringLevel? Level => NoiseCancelling is null ? null
            : Enum.TryParse<FilteringLevel>(NoiseCancelling, ignoreCase: true, out var level) && (Unchecked || Enum.IsDefined(level)) ? level
            : throw new UsageException($"--noise-cancelling is '{NoiseCancelling}'; it can be {string.Join(", ", Enum.GetNames<FilteringLevel>()).ToLowerInvariant()}.");
    }

    protected override Task<TaskPresets> PresetsAsync(ILalalAiClient client, Settings settings, CancellationToken cancellationToken) => Task.FromResult<TaskPresets>(new VoiceCleanPresets
    {
        NoiseCancellingLevel = settings.Level,
        Splitter = settings.Splitter,
        DereverbEnabled = settings.DereverbEnabled,
        EncoderFormat = settings.EncoderFormat,
    });
}
