using LalalAi.Generated;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LalalAi.Cli;

/// <summary>Results on one side, for programs; messages on the other, for people.</summary>
internal sealed class Output
{
    private readonly TextWriter _data;
    private readonly TextWriter _messages;

    public Output(TextWriter data, TextWriter messages, bool isPlain)
    {
        _data = data;
        _messages = messages;
        IsPlain = isPlain;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(messages),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isPlain)
        {
            // What reads a pipe wraps by itself.
            Console.Profile.Width = 1000;
        }
    }

    /// <summary>The console that people read, on standard error.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether messages go where nothing can be redrawn.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether results are JSON, one event a line.</summary>
    public bool IsJson { get; set; }

    /// <summary>Writes a message for people.</summary>
    public void Say(string message) => _messages.WriteLine(message);

    /// <summary>Writes a result: as text, or as a JSON event.</summary>
    /// <param name="name">What happened, for example <c>downloaded</c>.</param>
    /// <param name="properties">The event's properties.</param>
    /// <param name="text">The result as a line of text, or <see langword="null"/> when it is nothing that a program would want.</param>
    public void Result(string name, object properties, string? text)
    {
        if (IsJson)
        {
            var line = new JObject { ["event"] = name };
            line.Merge(JObject.FromObject(properties));
            _data.WriteLine(line.ToString(Formatting.None));
            _data.Flush();
        }
        else if (text is not null)
        {
            _data.WriteLine(text);
        }
    }

    /// <summary>Says what failed and what to do next, and returns the exit code for it.</summary>
    public int Fail(Exception exception, CancellationToken cancellationToken)
    {
        var (code, message) = exception switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested => (ExitCode.Interrupted, "Interrupted. Tasks that were started go on; `lalalai status ID` shows them."),
            CommandParseException or CommandRuntimeException => (ExitCode.Usage, $"{exception.Message} Try `lalalai --help`."),
            UsageException or ArgumentException => (ExitCode.Usage, exception.Message),
            FileNotFoundException missing => (ExitCode.Usage, $"There is no file '{missing.FileName}'."),
            DirectoryNotFoundException or UnauthorizedAccessException => (ExitCode.Usage, exception.Message),
            LalalAiAuthenticationException => (ExitCode.Plan, $"{exception.Message} The key is taken from {LalalAiClientOptions.LicenseKeyVariable}."),
            LalalAiQuotaException quota when quota.Code == TaskStartErrorCode.ExceededDuration.Value => (ExitCode.Minutes, exception.Message),
            LalalAiQuotaException => (ExitCode.Plan, exception.Message),
            LalalAiException or TimeoutException or IOException => (ExitCode.Failure, exception.Message),
            _ => (ExitCode.Failure, exception.ToString()),
        };
        if (IsJson)
        {
            Result("failed", new { message, exit_code = code }, null);
        }

        _messages.WriteLine($"lalalai: {message}");
        return code;
    }
}
