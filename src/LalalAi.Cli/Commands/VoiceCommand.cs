using System.ComponentModel;
using LalalAi.Cli.Display;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class VoiceCommand(Output output) : JobCommand<VoiceCommand.Settings>(output)
{
    internal sealed class Settings : JobSettings
    {
        [CommandOption("--voice <VOICE>", isRequired: true)]
        [Description("The voice to change to: ALEX_KAYE, NICOLAAS_HAAS, NIK_ZEL, OLIA_CHEBO, STASIA_FAYE, VETRANA, YVAR_DE_GROOT, or the name or id of a pack of your own; `lalalai packs` lists them.")]
        public required string Voice { get; init; }

        [CommandOption("--accent <N>")]
        [Description("Whose accent to hear, from 0 (the recording's) to 1 (the voice's). By default 1.")]
        public double? Accent { get; init; }

        [CommandOption("--tonality <WHOSE>")]
        [Description("Whose pitch to follow: source_file or voice_pack. By default source_file.")]
        public string? Tonality { get; init; }

        public override ValidationResult Validate() =>
            Accent is { } accent && accent is not (>= 0 and <= 1) ? ValidationResult.Error($"--accent is {accent}; it must be from 0 to 1.") : base.Validate();
    }

    protected override async Task<TaskPresets> PresetsAsync(ILalalAiClient client, Settings settings, CancellationToken cancellationToken) => new VoiceChangePresets
    {
        VoicePackId = await Voices.FindAsync(client, settings.Voice, settings.Unchecked, cancellationToken),
        Accent = settings.Accent,
        TonalityReference = OptionValue.Read("--tonality", settings.Tonality, TonalityReference.KnownValues, value => new TonalityReference(value), settings.Unchecked),
        DereverbEnabled = settings.DereverbEnabled,
        EncoderFormat = settings.EncoderFormat,
    };
}
