using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal sealed class CleanCommand : JobCommand
{
    private static readonly string[] Levels = [.. Enum.GetNames<FilteringLevel>().Select(name => name.ToLowerInvariant())];

    private readonly CliOption<string?> _noiseCanceling = CliOption.Text(
        OptionGroup.What,
        "--noise-canceling",
        "LEVEL",
        "How much noise to remove: mild, normal or aggressive. mild by default.",
        "--noise-cancelling");

    private readonly SplitterOptions _splitter = new();

    public CleanCommand(Output output, ProgramContext context)
        : base(output, context, "clean", "Remove noise from a voice.")
    {
        AddFirst(_noiseCanceling, _splitter.Splitter);
        _noiseCanceling.CompletionSources.Add(Levels);
        Heading = "WHAT TO REMOVE";
        Examples = ["clean 'calls/*.wav' --noise-canceling aggressive --dereverb -o out"];
    }

    protected override TaskPresets ReadPresets(ParseResult arguments) => new VoiceCleanPresets
    {
        NoiseCancellingLevel = LevelOf(arguments),
        Splitter = _splitter.SplitterOf(arguments, IsUnchecked(arguments)),
        DereverbEnabled = DereverbOf(arguments),
        EncoderFormat = FormatOf(arguments),
    };

    /// <summary>The level, or <see langword="null"/> if the service chooses it.</summary>
    private FilteringLevel? LevelOf(ParseResult arguments) => arguments.GetValue(_noiseCanceling) is not { } value ? null
        : Enum.TryParse<FilteringLevel>(value, ignoreCase: true, out var level) && (IsUnchecked(arguments) || Enum.IsDefined(level)) ? level
        : throw new UsageException(
            $"Unknown {_noiseCanceling.Name} '{value}'.{Suggestion.For(value, Levels)} Available: {string.Join(", ", Levels)}.");
}
