using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class MultistemCommand(Output output) : JobCommand<MultistemCommand.Settings>(output)
{
    internal sealed class Settings : SplitterSettings
    {
        [CommandOption("--stems <LIST>", isRequired: true)]
        [Description("What to separate, from 1 to 6 of vocals, drum, piano, bass, electric_guitar and acoustic_guitar, with commas between. Each is charged.")]
        public required string Stems { get; init; }

        [CommandOption("--extraction-level <LEVEL>")]
        [Description("deep_extraction keeps more detail, clear_cut separates more sharply. Without effect on andromeda. By default deep_extraction.")]
        public string? ExtractionLevel { get; init; }
    }

    protected override Task<TaskPresets> PresetsAsync(ILalalAiClient client, Settings settings, CancellationToken cancellationToken) => Task.FromResult<TaskPresets>(new MultistemPresets
    {
        StemList =
        [
            .. settings.Stems.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(stem => OptionValue.Read("--stems", stem, Stem.KnownValues, value => new Stem(value), settings.Unchecked)!.Value),
        ],
        ExtractionLevel = OptionValue.Read("--extraction-level", settings.ExtractionLevel, ExtractionLevel.KnownValues, value => new ExtractionLevel(value), settings.Unchecked),
        Splitter = settings.Splitter,
        DereverbEnabled = settings.DereverbEnabled,
        EncoderFormat = settings.EncoderFormat,
    });
}
