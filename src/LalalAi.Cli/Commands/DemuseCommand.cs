using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;

namespace LalalAi.Cli.Commands;

internal sealed class DemuseCommand : JobCommand
{
    private readonly SplitterOptions _splitter = new();

    public DemuseCommand(Output output, ProgramContext context)
        : base(output, context, "demuse", "Remove music from speech.")
    {
        AddFirst(_splitter.Splitter);
        Heading = "WHAT TO REMOVE";
        Examples = ["demuse interview.mp4 -o out"];
    }

    protected override TaskPresets ReadPresets(ParseResult arguments) => new DemuserPresets
    {
        Splitter = _splitter.SplitterOf(arguments, IsUnchecked(arguments)),
        DereverbEnabled = DereverbOf(arguments),
        EncoderFormat = FormatOf(arguments),
    };
}
