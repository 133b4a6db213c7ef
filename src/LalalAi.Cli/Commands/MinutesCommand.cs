using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Commands;

internal sealed class MinutesCommand : ServiceCommand
{
    public MinutesCommand(Output output, ProgramContext context)
        : base(output, context, "minutes", "Show the minutes that are left.") => Examples = ["minutes"];

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(arguments, cancellationToken);
        var minutes = await connection.GetMinutesLeftAsync(cancellationToken);
        Output.Result("minutes", new { minutes_left = minutes }, CellText.Minutes(minutes));
        return ExitCode.Success;
    }
}
