namespace LalalAi.Cli.Display;

/// <summary>Writes a line for each event, for files, pipes and logs.</summary>
internal sealed class PlainDisplay(Action<string> say, TimeProvider timeProvider) : IRunDisplay
{
    private readonly Lock _lock = new();
    private int _total;
    private int _ended;
    private DateTimeOffset _pausedUntil;

    public void Expect(int files, long bytes) => Interlocked.Add(ref _total, files);

    public IFileDisplay Begin(string path, long size) => new Lines(say, CellText.Printable(Path.GetFileName(path)));

    public void Note(Mark mark, string text) =>
        say(mark == Mark.Information
            ? CellText.Printable(text)
            : $"[{Interlocked.Increment(ref _ended)}/{Math.Max(_ended, _total)}] "
                + $"{(mark == Mark.Failed ? "FAILED " : string.Empty)}{CellText.Printable(text)}");

    public void Pause(string reason, TimeSpan delay)
    {
        lock (_lock)
        {
            // One line per outage, although many requests fail.
            var now = timeProvider.GetUtcNow();
            if (now < _pausedUntil)
            {
                return;
            }

            _pausedUntil = now + delay;
        }

        say(CellText.Pause(reason, delay));
    }

    public void Resume() => say("The service answers again.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Lines(Action<string> say, string name) : IFileDisplay
    {
        private Phase _phase;

        public double? Minutes { get; set; }

        public void Enter(Phase phase)
        {
            // The other phases are short, or the next line implies them.
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
