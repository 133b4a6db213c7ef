using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using LalalAi.Sandbox;
using LalalAi.Tests.Processes;

namespace Samples.Tests;

/// <summary>A sample, run as a process of its own against a sandbox.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private int _open = 2;

    private SampleProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    /// <summary>The output that has been read so far.</summary>
    public string Output => string.Join('\n', _seen);

    public static SampleProcess Start(string name, SandboxServer sandbox, params string[] arguments)
    {
        // From its own output: beside the tests, it would lack what their shared framework brings.
        var output = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        var program = Path.Combine(output.FullName, "../../../..", name, "bin", output.Parent!.Name, output.Name, name + ".dll");
        var start = DotnetProgram.Command(program, arguments);
        start.Environment["LALALAI_BASE_URL"] = start.Environment["LalalAi__BaseAddress"] = sandbox.BaseAddress.ToString();
        start.Environment["LALALAI_LICENSE_KEY"] = start.Environment["LalalAi__LicenseKey"] = sandbox.LicenseKey;
        // The sandbox splits songs at once; the wait for the next check would be most of a test.
        start.Environment["LalalAi__PollingInterval"] = "00:00:00.1";
        var sample = new SampleProcess(start);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>Reads up to the next line that contains a text, and returns it.</summary>
    public async Task<string> ReadAsync(string text, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            _seen.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The sample ended without '{text}':\n{Output}");
    }

    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            _seen.Add(line);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Presses Ctrl-C.</summary>
    public async Task InterruptAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Kills the process without any chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
        else if (Interlocked.Decrement(ref _open) == 0)
        {
            _lines.Writer.Complete();
        }
    }
}
