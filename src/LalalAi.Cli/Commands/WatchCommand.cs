using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;

namespace LalalAi.Cli.Commands;

/// <summary>A separate command for <c>split --watch</c>, the most common use of watching.</summary>
internal sealed class WatchCommand : SplitCommand
{
    public WatchCommand(Output output, ProgramContext context)
        : base(output, context, "watch", "Split recordings that appear in a folder, until Ctrl-C. Other commands do the same with --watch.")
    {
        Options.Remove(Watch);
        Examples = ["watch inbox --stem vocals -o out", "demuse inbox --watch -o out"];
    }

    protected override bool IsWatching(ParseResult arguments) => true;
}
