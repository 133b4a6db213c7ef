using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal sealed class MultistemCommand : JobCommand
{
    private readonly CliOption<string?> _stems = CliOption.Choice(
        OptionGroup.What,
        "--stems",
        "LIST",
        "What to separate: from 1 to 6 of vocals, drum, piano, bass, electric_guitar and acoustic_guitar, separated by commas. "
            + "Each one is charged. Required.",
        Stem.KnownValues,
        "-s");

    private readonly SplitterOptions _splitter = new();

    public MultistemCommand(Output output, ProgramContext context)
        : base(output, context, "multistem", "Split recordings into up to six stems and the rest. Each stem is charged.")
    {
        AddFirst(_stems, _splitter.Splitter, _splitter.ExtractionLevel);
        _stems.Required = true;
        Examples = ["multistem song.flac --stems vocals,drum,bass -o out"];
    }

    protected override TaskPresets ReadPresets(ParseResult arguments)
    {
        var isUnchecked = IsUnchecked(arguments);
        return new MultistemPresets
        {
            StemList =
            [
                .. arguments.GetValue(_stems)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(stem => OptionValue.ReadStem("--stems", stem, isUnchecked)),
            ],
            ExtractionLevel = _splitter.LevelOf(arguments, isUnchecked),
            Splitter = _splitter.SplitterOf(arguments, isUnchecked),
            DereverbEnabled = DereverbOf(arguments),
            EncoderFormat = FormatOf(arguments),
        };
    }
}
