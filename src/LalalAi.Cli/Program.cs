using System.Runtime.InteropServices;
using LalalAi.Cli;
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

// A terminal that cannot move its cursor gets lines, as a file does.
var canMoveCursor = OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not ("dumb" or "unknown");
var output = new Output(Console.Out, Console.Error, Console.IsErrorRedirected || !canMoveCursor, isDataTerminal: !Console.IsOutputRedirected);
return await new CommandLine(output).RunAsync(args, interrupt.Token);
