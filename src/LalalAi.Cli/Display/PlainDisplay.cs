namespace LalalAi.Cli.Display;

/// <summary>A line for each thing that happens, for files, pipes and logs.</summary>
internal sealed class PlainDisplay(Action<string> say) : IRunDisplay
{
    private int _ended;

    public int Total { private get; set; }

    public IFileDisplay Begin(string name) => new Lines(say, CellText.Printable(name));

    public void Note(Mark mark, string text) =>
        say(mark == Mark.Information ? CellText.Printable(text) : $"[{Interlocked.Increment(ref _ended)}/{Math.Max(_ended, Total)}] {(mark == Mark.Failed ? "FAILED " : string.Empty)}{CellText.Printable(text)}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Lines(Action<string> say, string name) : IFileDisplay
    {
        private Phase _phase;

        public void Enter(Phase phase)
        {
            // The others are over in no time, or say nothing that the next does not say too.
            if (phase != _phase && phase is Phase.Uploading or Phase.Processing or Phase.Downloading)
            {
                say($"{name}: {phase.ToString().ToLowerInvariant()}");
            }

            _phase = phase;
        }

        public void Report(double? fraction, TransferProgress? transfer = null)
        {
        }

        public void Dispose()
        {
        }
    }
}
