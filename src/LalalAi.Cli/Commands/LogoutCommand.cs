using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Commands;

internal sealed class LogoutCommand : OutputCommand
{
    public LogoutCommand(Output output)
        : base(output, "logout", "Remove the license key that `lalalai login` stored.") => Examples = ["logout"];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var service = LalalAiClientOptions.FromEnvironment().BaseAddress;
        Output.Say(
            StoredKeys.Remove(service)
                ? $"The license key of {service} was removed from {StoredKeys.FilePath}."
                : $"No license key of {service} is stored.");
        return Task.FromResult(ExitCode.Success);
    }
}
