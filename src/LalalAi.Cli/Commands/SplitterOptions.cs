using System.CommandLine;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>The options of the commands that separate a recording.</summary>
internal sealed class SplitterOptions
{
    public CliOption<string?> Splitter { get; } = CliOption.Choice(
        OptionGroup.What,
        "--splitter",
        "NAME",
        "The network to separate with: andromeda, perseus, orion, phoenix, lyra or lynx. "
            + "By default the service chooses the latest one for the stem.",
        SplitterModel.KnownValues);

    public CliOption<string?> ExtractionLevel { get; } = CliOption.Choice(
        OptionGroup.What,
        "--extraction-level",
        "LEVEL",
        "deep_extraction keeps more detail, clear_cut separates more sharply. Without effect on andromeda. deep_extraction by default.",
        LalalAi.ExtractionLevel.KnownValues);

    public SplitterModel? SplitterOf(ParseResult arguments, bool isUnchecked) =>
        OptionValue.Read(
            Splitter.Name, arguments.GetValue(Splitter), SplitterModel.KnownValues, value => new SplitterModel(value), isUnchecked);

    public ExtractionLevel? LevelOf(ParseResult arguments, bool isUnchecked) => OptionValue.Read(
        ExtractionLevel.Name,
        arguments.GetValue(ExtractionLevel),
        LalalAi.ExtractionLevel.KnownValues,
        value => new ExtractionLevel(value),
        isUnchecked);
}
