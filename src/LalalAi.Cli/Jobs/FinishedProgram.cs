using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Diagnostics;
using LalalAi.AI.Jobs;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Jobs;

/// <summary>
/// The program of <c>--exec</c>, which runs after each recording, one at a time. No shell is involved, so no file name can run anything. Of
/// its arguments, <c>{}</c> stands for the paths of the tracks, <c>{input}</c> for the recording and <c>{folder}</c> for the folder of the
/// tracks. Without placeholders, the paths are appended.
/// </summary>
internal sealed class FinishedProgram : IDisposable
{
    private const string Tracks = "{}";
    private const string Input = "{input}";
    private const string Folder = "{folder}";

    private readonly IReadOnlyList<string> _command;
    private readonly Places _turn = new(1);

    /// <param name="command">The program and its arguments, with double quotes around what contains spaces.</param>
    /// <exception cref="UsageException">The command is empty, a quote in it is not closed, or there is no such program.</exception>
    public FinishedProgram(string command)
    {
        if (command.Count(character => character == '"') % 2 == 1)
        {
            throw new UsageException(
                $"--exec is '{command}', where a quote is not closed. Put a double quote at both ends of what contains spaces.");
        }

        _command = [.. CommandLineParser.SplitCommandLine(command)];
        if (_command.Count == 0)
        {
            throw new UsageException("--exec is empty. Pass a program and its arguments, for example --exec 'notify-send {input}'.");
        }

        if (!Exists(_command[0]))
        {
            throw new UsageException($"The program of --exec, '{_command[0]}', was not found. Check its name, or pass its path.");
        }
    }

    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="JobException">It cannot be started, or it fails. The tracks are complete all the same.</exception>
    public async Task RunAsync(
        string input,
        string folder,
        IReadOnlyList<string> tracks,
        Action<string> say,
        CancellationToken cancellationToken)
    {
        using var turn = await _turn.EnterAsync(cancellationToken);
        var start = new ProcessStartInfo(_command[0], Arguments(input, folder, tracks))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, say), ReadAsync(process.StandardError, say), process.WaitForExitAsync(cancellationToken));
            if (process.ExitCode != 0)
            {
                throw Failed($"ended with exit code {process.ExitCode}");
            }
        }
        catch (Win32Exception exception)
        {
            throw Failed($"cannot be started: {exception.Message}");
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Whether the program is where the system looks for it when it starts a process.</summary>
    private static bool Exists(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        string[] names = OperatingSystem.IsWindows() ? [program, $"{program}.exe"] : [program];
        string[] folders =
        [
            Path.GetDirectoryName(Environment.ProcessPath) ?? string.Empty,
            Environment.CurrentDirectory,
            Environment.SystemDirectory,
            Environment.GetFolderPath(Environment.SpecialFolder.Windows),
            .. path.Split(Path.PathSeparator),
        ];
        return folders.Any(folder => names.Any(name => File.Exists(Path.Combine(folder, name))));
    }

    private IEnumerable<string> Arguments(string input, string folder, IReadOnlyList<string> tracks)
    {
        var arguments = _command.Skip(1).ToList();
        var hasPlaceholders = arguments.Any(argument =>
            argument == Tracks
                || argument.Contains(Input, StringComparison.Ordinal)
                || argument.Contains(Folder, StringComparison.Ordinal));
        return (hasPlaceholders ? arguments : [.. arguments, Tracks]).SelectMany(argument => argument == Tracks
            ? tracks
            : [argument.Replace(Input, input, StringComparison.Ordinal).Replace(Folder, folder, StringComparison.Ordinal)]);
    }

    private static async Task ReadAsync(TextReader reader, Action<string> say)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            say(CellText.Printable(line));
        }
    }

    private JobException Failed(string reason) =>
        new(
            new Failure(
                ExitCode.Failure,
                $"The tracks are complete, but {_command[0]} {reason}. It is not run again for this recording.",
                NextAction.None));
}
