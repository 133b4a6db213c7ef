using LalalAi.Cli.Failures;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Spectre.Console;

namespace LalalAi.Cli.Display;

/// <summary>Writes results for programs to one stream, and messages for people to another.</summary>
internal sealed class Output : IDisposable
{
    private readonly LossyWriter _data;
    private readonly TextWriter _messages;
    private readonly bool _isDataTerminal;
    private LogFile? _log;

    /// <param name="data">The stream for results, one per line.</param>
    /// <param name="messages">The stream for messages.</param>
    /// <param name="isPlain">Whether messages go to a file or a pipe, which cannot be updated in place.</param>
    /// <param name="isDataTerminal">Whether results go to a terminal.</param>
    public Output(TextWriter data, TextWriter messages, bool isPlain, bool isDataTerminal)
    {
        _data = new LossyWriter(data);
        _messages = messages;
        _isDataTerminal = isDataTerminal;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(messages),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        // A terminal that cannot move its cursor is treated like a file.
        IsPlain = isPlain || !Console.Profile.Capabilities.Ansi;
        if (isPlain)
        {
            // Readers of a pipe wrap lines themselves.
            Console.Profile.Width = 1000;
        }
    }

    /// <summary>The console for messages, on standard error.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether messages cannot be updated in place.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether results are JSON events, one per line.</summary>
    public bool IsJson { get; set; }

    /// <summary>Whether only results and failures are written.</summary>
    public bool IsQuiet { get; private set; }

    /// <summary>Whether the client's log is written too.</summary>
    public bool IsVerbose { get; private set; }

    /// <summary>The display of the run in progress, or <see langword="null"/>.</summary>
    public IRunDisplay? Display { get; private set; }

    /// <summary>Whether the program can prompt a person.</summary>
    public bool CanAsk => !IsPlain && !IsJson && !System.Console.IsInputRedirected;

    /// <summary>The writer for results.</summary>
    public TextWriter Data => _data;

    /// <summary>The writer for messages.</summary>
    public TextWriter Messages => _messages;

    /// <summary>Whether a zero byte ends each result, so that names may contain line breaks.</summary>
    public bool IsNullTerminated { get; set; }

    /// <summary>Whether results and messages go to the same terminal, where they would overwrite each other.</summary>
    private bool IsDataShown => _isDataTerminal && !IsPlain;

    /// <summary>Sets the verbosity, the format and the log file.</summary>
    /// <exception cref="UsageException">The log file cannot be written to.</exception>
    public void Configure(bool isQuiet, bool isVerbose, string? logFile)
    {
        IsQuiet = isQuiet;
        IsVerbose = isVerbose;
        _log = logFile is null ? null : LogFile.Open(logFile);
    }

    /// <summary>Opens the display of a run. Until it is closed, messages are shown in it.</summary>
    public IRunDisplay OpenDisplay()
    {
        IRunDisplay display = IsQuiet ? new QuietDisplay(message => WriteMessage($"lalalai: {message}"))
            : IsPlain || (IsJson && IsDataShown) ? new PlainDisplay(WriteMessage, TimeProvider.System)
            : new TerminalDisplay(Console, TimeProvider.System);
        return Display = IsJson ? new ProgressEvents(Event, display, TimeProvider.System) : display;
    }

    /// <summary>Closes the display.</summary>
    public async Task CloseDisplayAsync()
    {
        if (Display is { } display)
        {
            await display.DisposeAsync();
            Display = null;
        }
    }

    /// <summary>Writes the result of a file to the display and to the log.</summary>
    public void Note(Mark mark, string text)
    {
        _log?.Write(mark == Mark.Failed ? "error" : "information", text);
        Display?.Note(mark, text);
    }

    /// <summary>Writes a message for people.</summary>
    public void Say(string message)
    {
        _log?.Write("information", message);
        if (!IsQuiet)
        {
            Show(message);
        }
    }

    /// <summary>Writes a line of another program's output, also in a quiet run.</summary>
    public void Relay(string line)
    {
        _log?.Write("information", line);
        Show(line);
    }

    /// <summary>Writes an error message.</summary>
    public void Complain(string message)
    {
        _log?.Write("error", message);
        Show($"lalalai: {message}");
    }

    /// <summary>Writes an entry of the client's log.</summary>
    public void Log(string level, string message)
    {
        _log?.Write(level, message);
        if (IsVerbose)
        {
            Show($"{level}: {message}");
        }
    }

    public void Dispose() => _log?.Dispose();

    /// <summary>Writes rows of names and values, for people.</summary>
    public void Table(params IReadOnlyCollection<(string Name, string Value)> rows)
    {
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, value) in rows)
        {
            _log?.Write("information", $"{name.PadRight(width)}  {value}");
        }

        if (IsQuiet)
        {
            return;
        }

        if (IsPlain)
        {
            WriteMessage(string.Join(Environment.NewLine, rows.Select(row => $"{row.Name.PadRight(width)}  {row.Value}")));
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (name, value) in rows)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
        }

        Console.Write(grid);
    }

    /// <summary>Writes a result: as a JSON event, or as a line of text.</summary>
    /// <param name="name">The name of the event, for example <c>downloaded</c>.</param>
    /// <param name="properties">The event's properties.</param>
    /// <param name="text">The result as text.</param>
    /// <param name="isForPrograms">Whether a message contains the same, so that a terminal does not have to show it.</param>
    public void Result(string name, object properties, string text, bool isForPrograms = false)
    {
        Event(name, properties);
        Text(text, isForPrograms);
    }

    /// <summary>Writes an event, if results are JSON events.</summary>
    public void Event(string name, object properties)
    {
        if (IsJson)
        {
            var line = new JObject { ["event"] = name };
            line.Merge(JObject.FromObject(properties));
            Write(line.ToString(Formatting.None), Environment.NewLine);
        }
    }

    /// <summary>Writes a line of text, unless results are JSON events.</summary>
    public void Text(string text, bool isForPrograms = false)
    {
        if (!IsJson && !(isForPrograms && IsDataShown))
        {
            Write(text, IsNullTerminated ? "\0" : Environment.NewLine);
        }
    }

    /// <summary>Reports a failure and the next step, and returns the exit code.</summary>
    public int Fail(Exception exception, CancellationToken cancellationToken)
    {
        var failure = exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? new Failure(ExitCode.Interrupted, "Interrupted.")
            : Failure.Of(exception);
        Event("failed", new { message = failure.Message, code = failure.Code, exit_code = failure.ExitCode });
        Complain(failure.Message);
        return failure.ExitCode;
    }

    /// <summary>
    /// Reports at the end that results could not be written. Until then, the work continues, because the tracks are paid for.
    /// </summary>
    public int FailWriting(int code)
    {
        if (_data.Failure is not { } failure)
        {
            return code;
        }

        Complain(
            $"Standard output could not be written: {failure.Message.TrimEnd('.')}. "
                + "What was done is not affected; run the same command again for its results.");
        return Math.Max(code, ExitCode.Failure);
    }

    private void Show(string message)
    {
        if (Display is { } display && !IsQuiet)
        {
            display.Note(Mark.Information, message);
        }
        else
        {
            WriteMessage(message);
        }
    }

    private void WriteMessage(string message)
    {
        if (!IsPlain)
        {
            // Wraps lines between words.
            Console.Write(new Text(message + "\n"));
            return;
        }

        lock (_messages)
        {
            _messages.WriteLine(message);
        }
    }

    private void Write(string line, string end)
    {
        lock (_data)
        {
            // After a lost line, further lines would be misleading.
            if (_data.Failure is null)
            {
                _data.Write(line);
                _data.Write(end);
                _data.Flush();
            }
        }
    }
}
