using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Commands;

internal sealed class LogoutCommand : OutputCommand
{
    public LogoutCommand(Output output, ProgramContext context)
        : base(output, context, "logout", "Remove the license key that `lalalai login` stored.") => Examples = ["logout"];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var service = Context.CreateClientOptions().BaseAddress;
        var keys = new StoredKeys(Context);
        Output.Say(
            keys.Remove(service)
                ? $"The license key of {service} was removed from {keys.FilePath}."
                : $"No license key of {service} is stored.");
        return Task.FromResult(ExitCode.Success);
    }
}
