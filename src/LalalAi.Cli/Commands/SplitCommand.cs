using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal class SplitCommand : JobCommand
{
    private readonly CliOption<string?> _stem = CliOption.Choice(
        OptionGroup.What,
        "--stem",
        "STEM",
        "What to separate: vocals, drum, piano, bass, electric_guitar, acoustic_guitar, synthesizer, strings or wind. "
            + "The last three need the splitter phoenix, which is the default for them. vocals by default.",
        Stem.KnownValues,
        "-s");

    private readonly CliOption<bool> _multivocal =
        CliOption.Flag(
            OptionGroup.What,
            "--multivocal",
            "Also separate lead and backing vocals. Creates up to four tracks. Only for the stem vocals.");

    private readonly SplitterOptions _splitter = new();

    public SplitCommand(Output output, ProgramContext context)
        : this(output, context, "split", "Split recordings into a stem and the rest.") =>
        Examples =
        [
            "split song.flac --stem vocals -o out",
            "split albums -r -s drum --format wav --max-minutes 90 -o out",
            "split song.wav --sandbox",
        ];

    protected SplitCommand(Output output, ProgramContext context, string name, string description)
        : base(output, context, name, description) =>
        AddFirst(_stem, _multivocal, _splitter.Splitter, _splitter.ExtractionLevel);

    protected override TaskPresets ReadPresets(ParseResult arguments)
    {
        var isUnchecked = IsUnchecked(arguments);
        var stem = arguments.GetValue(_stem) ?? Stem.Vocals.Value;
        return new StemSeparatorPresets
        {
            Stem = stem.Contains(',')
                ? throw new UsageException($"--stem takes one stem. For several at once: lalalai multistem --stems {stem}.")
                : OptionValue.ReadStem("--stem", stem, isUnchecked),
            Multivocal = arguments.GetValue(_multivocal) ? Multivocal.LeadBack : null,
            ExtractionLevel = _splitter.LevelOf(arguments, isUnchecked),
            Splitter = _splitter.SplitterOf(arguments, isUnchecked),
            DereverbEnabled = DereverbOf(arguments),
            EncoderFormat = FormatOf(arguments),
        };
    }
}
