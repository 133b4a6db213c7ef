using System.Collections.Concurrent;
using Spectre.Console;

namespace LalalAi.Cli.Display;

/// <summary>A board that is drawn over itself, and above it what became of files, for terminals. Only its own loop writes to the terminal.</summary>
internal sealed class TerminalDisplay : IRunDisplay
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(125);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _timeProvider;
    private readonly ProgressBoard _board;
    private readonly ConcurrentQueue<(Mark Mark, string Text)> _notes = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _drawing;

    public TerminalDisplay(IAnsiConsole console, TimeProvider timeProvider)
    {
        _console = console;
        _timeProvider = timeProvider;
        _board = new ProgressBoard(timeProvider);
        _drawing = console.Live(_board).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(DrawAsync);
    }

    public int Total
    {
        set => _board.Total = value;
    }

    public IFileDisplay Begin(string name) => _board.Add(name);

    public void Note(Mark mark, string text)
    {
        if (mark != Mark.Information)
        {
            _board.CountEnd();
        }

        _notes.Enqueue((mark, text));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _drawing;
        WriteNotes();
        _ending.Dispose();
    }

    private async Task DrawAsync(LiveDisplayContext context)
    {
        using var timer = new PeriodicTimer(FrameTime, _timeProvider);
        try
        {
            do
            {
                _board.Height = _console.Profile.Height;
                WriteNotes();
                context.Refresh();
            }
            while (await timer.WaitForNextTickAsync(_ending.Token));
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private void WriteNotes()
    {
        while (_notes.TryDequeue(out var note))
        {
            var (sign, color) = note.Mark switch
            {
                Mark.Done => ("✓", Color.Green),
                Mark.Skipped => ("-", Color.Grey),
                Mark.Failed => ("✗", Color.Red),
                _ => (" ", Color.Default),
            };

            // What failed has to be read whole; of the rest, a line is enough.
            var width = Math.Max(20, _console.Profile.Width - 1);
            var text = note.Mark == Mark.Failed ? note.Text : CellText.Fit(note.Text, width - 2);
            // In one piece, because the board is drawn again after each; and filled up, because it comes to stand on what the board has left.
            _console.Write(new Rows(new Align(new Paragraph($"{sign} ", new Style(color)).Append(text), HorizontalAlignment.Left) { Width = width }));
        }
    }
}
