using System.CommandLine;
using LalalAi.AI;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal sealed class VoiceCommand : JobCommand
{
    private readonly CliOption<string?> _voice = CliOption.Text(
        OptionGroup.What,
        "--voice",
        "VOICE",
        $"The voice to change to: {string.Join(", ", Voices.BuiltIn)}, or the name or ID of a voice pack of your own; "
            + "`lalalai packs` lists them. Required.");

    private readonly CliOption<double?> _accent = CliOption.Number(
        OptionGroup.What,
        "--accent",
        "Whose accent to keep, from 0 (the recording's) to 1 (the voice's). 1 by default.",
        least: 0,
        most: 1);

    private readonly CliOption<string?> _tonality =
        CliOption.Choice(
            OptionGroup.What,
            "--tonality",
            "WHOSE",
            "Whose pitch to follow: source_file or voice_pack. source_file by default.",
            TonalityReference.KnownValues);

    public VoiceCommand(Output output, ProgramContext context)
        : base(output, context, "voice", "Change the voice in recordings.")
    {
        AddFirst(_voice, _accent, _tonality);
        _voice.Required = true;
        _voice.CompletionSources.Add([.. Voices.BuiltIn]);
        Heading = "VOICE";
        Examples = ["voice song.wav --voice ALEX_KAYE --accent 0.5 -o out"];
    }

    protected override TaskPresets ReadPresets(ParseResult arguments) => new VoiceChangePresets
    {
        VoicePackId = arguments.GetValue(_voice)!,
        Accent = arguments.GetValue(_accent),
        TonalityReference = OptionValue.Read(
            _tonality.Name,
            arguments.GetValue(_tonality),
            TonalityReference.KnownValues,
            value => new TonalityReference(value),
            IsUnchecked(arguments)),
        DereverbEnabled = DereverbOf(arguments),
        EncoderFormat = FormatOf(arguments),
    };

    protected override async Task<TaskPresets> CompleteAsync(
        TaskPresets presets,
        ILalalAiClient client,
        ParseResult arguments,
        CancellationToken cancellationToken)
    {
        var voice = (VoiceChangePresets)presets;
        var id = await Voices.FindAsync(client, voice.VoicePackId, IsUnchecked(arguments), cancellationToken);
        return (voice with { VoicePackId = id }).Normalize();
    }
}
