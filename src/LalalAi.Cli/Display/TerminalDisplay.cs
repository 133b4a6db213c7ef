using System.Collections.Concurrent;
using Spectre.Console;

namespace LalalAi.Cli.Display;

/// <summary>
/// Shows the results of files in a terminal and, below them, a board that updates in place. Only its own loop writes to the terminal.
/// </summary>
internal sealed class TerminalDisplay : IRunDisplay
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(125);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _timeProvider;
    private readonly RunProgress _progress;
    private readonly ProgressBoard _board;
    private readonly ConcurrentQueue<(Mark Mark, string Text)> _notes = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _drawing;

    public TerminalDisplay(IAnsiConsole console, TimeProvider timeProvider)
    {
        _console = console;
        _timeProvider = timeProvider;
        _progress = new RunProgress(timeProvider);
        _board = new ProgressBoard(_progress);
        _drawing = console.Live(_board).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(DrawAsync);
    }

    public void Expect(int files, long bytes) => _progress.Expect(files, bytes);

    public IFileDisplay Begin(string path, long size) => _progress.Add(Path.GetFileName(path), size);

    public void Note(Mark mark, string text)
    {
        if (mark != Mark.Information)
        {
            _progress.CountEnd();
        }

        _notes.Enqueue((mark, text));
    }

    public void Pause(string reason, TimeSpan delay) => _progress.Pause(reason, delay);

    public void Resume() => _progress.Resume();

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
                Mark.Done => ("✓ ", Color.Green),
                Mark.Skipped => ("- ", Color.Grey),
                Mark.Failed => ("✗ ", Color.Red),
                _ => (string.Empty, Color.Default),
            };

            var width = Math.Max(20, _console.Profile.Width - 1);
            var text = note.Mark == Mark.Information ? note.Text : CellText.Printable(note.Text);
            // In one write, because the board is redrawn after each one. Padded, to overwrite the previous board.
            _console.Write(
                new Rows(new Align(new Paragraph(sign, new Style(color)).Append(text), HorizontalAlignment.Left) { Width = width }));
        }
    }
}
