using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace LalalAi.Testing;

/// <summary>A program that a test runs: what it writes, the signals that it gets, and its end. It is killed when it is disposed.</summary>
public sealed class TestProcess : IAsyncDisposable, IDisposable
{
    private const int Interrupt = 2;

    private static readonly string[] ListeningAgain = ["env", "--default-signal=INT"];

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private TestProcess(ProcessStartInfo start, bool mergesErrors)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _reading = Task.WhenAll(
            ReadAsync(_process.StandardOutput, _output, isRead: true), ReadAsync(_process.StandardError, _errors, isRead: mergesErrors));
        _reading.ContinueWith(_ => _lines.Writer.Complete(), TaskScheduler.Default);
    }

    public int Id => _process.Id;

    /// <summary>What it has written to standard output.</summary>
    public string Output => TextOf(_output);

    /// <summary>What it has written to standard error.</summary>
    public string Errors => TextOf(_errors);

    /// <summary>Skips the test on a machine without a program.</summary>
    public static void Require(string program)
    {
        var name = OperatingSystem.IsWindows() ? $"{program}.exe" : program;
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))))
        {
            Assert.Ignore($"{program} is not on the PATH. Install it to run this test.");
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that are added to this process's environment.</param>
    /// <param name="mergesErrors">Whether lines are read from standard error too.</param>
    /// <param name="folder">Its working directory. By default, that of this process.</param>
    public static TestProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        bool mergesErrors = false,
        string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? string.Empty };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new TestProcess(start, mergesErrors);
    }

    /// <summary>Starts an assembly with <c>dotnet</c>, so that it receives Ctrl-C, even if the process that started the tests ignores it.</summary>
    /// <inheritdoc cref="Start"/>
    public static TestProcess StartAssembly(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool mergesErrors = false)
    {
        string[] command = [.. IsInterruptIgnored() ? ListeningAgain : [], "dotnet", assembly, .. arguments];
        return Start(command[0], command[1..], environment, mergesErrors);
    }

    /// <summary>Runs a program to its end, and returns its standard output. Fails unless it exits with 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        Assert.That(await process.ExitAsync(), Is.Zero, $"{program} {string.Join(' ', arguments)}: {process.Errors}");
        return process.Output;
    }

    /// <summary>Reads the next line of standard output; <see langword="null"/> at its end.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await _lines.Reader.WaitToReadAsync(cancellationToken) ? await _lines.Reader.ReadAsync(cancellationToken) : null;

    /// <summary>Reads up to the next line that contains a text, and returns it.</summary>
    public async Task<string> ReadLineAsync(string text, CancellationToken cancellationToken)
    {
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new AssertionException($"It ended without '{text}':\n{Output}\n{Errors}");
    }

    /// <summary>Waits for its end, and returns its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken = default)
    {
        await _reading.WaitAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal, for example <c>INT</c>.</summary>
    public Task SignalAsync(string signal) => RunAsync("kill", $"-{signal}", Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Kills it without any chance to clean up, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Dispose();
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    // Background processes of a shell ignore Ctrl-C, and so do their children.
    private static bool IsInterruptIgnored()
    {
        var ignored = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        return ignored is not null
            && (ulong.Parse(ignored.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (Interrupt - 1))) != 0;
    }

    private async Task ReadAsync(StreamReader stream, StringBuilder text, bool isRead)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }

            if (isRead)
            {
                _lines.Writer.TryWrite(line);
            }
        }
    }
}
