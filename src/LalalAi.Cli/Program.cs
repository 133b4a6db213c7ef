using LalalAi.Cli;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first time, ends in order; the second time, at once.
    pressed.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

return await new CommandLine(Console.Out, Console.Error, Console.IsErrorRedirected).RunAsync(args, interrupt.Token).ConfigureAwait(false);
