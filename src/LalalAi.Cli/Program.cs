using System.Runtime.InteropServices;
using LalalAi.Cli;

using var interrupt = new CancellationTokenSource();

// The first Ctrl-C, or a request to terminate, ends in order; the second Ctrl-C ends at once.
void End(PosixSignalContext signal)
{
    signal.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

return await new CommandLine(Console.Out, Console.Error, Console.IsErrorRedirected).RunAsync(args, interrupt.Token).ConfigureAwait(false);
