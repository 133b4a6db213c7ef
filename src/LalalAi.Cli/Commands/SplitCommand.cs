using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class SplitCommand(Output output) : JobCommand<SplitCommand.Settings>(output)
{
    internal sealed class Settings : SplitterSettings
    {
        [CommandOption("--stem <STEM>")]
        [Description("What to separate: vocals, drum, piano, bass, electric_guitar, acoustic_guitar, synthesizer, strings or wind; the last three with the splitter phoenix only.")]
        [DefaultValue("vocals")]
        public required string Stem { get; init; }

        [CommandOption("--multivocal")]
        [Description("Separate lead and backing vocals too, which gives up to four tracks. For the stem vocals only.")]
        public bool Multivocal { get; init; }

        [CommandOption("--extraction-level <LEVEL>")]
        [Description("deep_extraction keeps more detail, clear_cut separates more sharply. Without effect on andromeda. By default deep_extraction.")]
        public string? ExtractionLevel { get; init; }
    }

    protected override Task<TaskPresets> PresetsAsync(ILalalAiClient client, Settings settings, CancellationToken cancellationToken) => Task.FromResult<TaskPresets>(new StemSeparatorPresets
    {
        Stem = OptionValue.Read("--stem", settings.Stem, Stem.KnownValues, value => new Stem(value), settings.Unchecked)!.Value,
        Multivocal = settings.Multivocal ? Multivocal.LeadBack : null,
        ExtractionLevel = OptionValue.Read("--extraction-level", settings.ExtractionLevel, ExtractionLevel.KnownValues, value => new ExtractionLevel(value), settings.Unchecked),
        Splitter = settings.Splitter,
        DereverbEnabled = settings.DereverbEnabled,
        EncoderFormat = settings.EncoderFormat,
    });
}
