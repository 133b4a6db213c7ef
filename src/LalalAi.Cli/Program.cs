using System.Runtime.InteropServices;
using LalalAi;
using LalalAi.Cli;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;

using var interrupt = new CancellationTokenSource();

// The first Ctrl-C, a request to terminate, or a closed terminal ends in order; the second Ctrl-C ends at once.
void End(PosixSignalContext signal)
{
    signal.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);

Console.SetError(new LossyWriter(Console.Error));
using var output = new Output(StandardOutput.Open(), Console.Error, Console.IsErrorRedirected, isDataTerminal: !Console.IsOutputRedirected);
var context = new ProgramContext(Environment.GetEnvironmentVariable)
{
    CreateClientOptions = LalalAiClientOptions.FromEnvironment,
    OpenInputText = () => Console.In,
    OpenInputStream = Console.OpenStandardInput,
    OpenOutputStream = Console.OpenStandardOutput,
};
return await new CommandLine(output, context).RunAsync(args, interrupt.Token);
