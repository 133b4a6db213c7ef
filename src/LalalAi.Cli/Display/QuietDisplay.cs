namespace LalalAi.Cli.Display;

/// <summary>Shows failures only.</summary>
internal sealed class QuietDisplay(Action<string> complain) : IRunDisplay
{
    public void Expect(int files, long bytes)
    {
    }

    public IFileDisplay Begin(string path, long size) => new RunProgress(TimeProvider.System).Add(path, size);

    public void Note(Mark mark, string text)
    {
        if (mark == Mark.Failed)
        {
            complain(CellText.Printable(text));
        }
    }

    public void Pause(string reason, TimeSpan delay)
    {
    }

    public void Resume()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
