using System.Diagnostics;
using System.Globalization;
using LalalAi.Sandbox;
using LalalAi.Tests.Processes;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The program as a process of its own, pointed at a sandbox in the test.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    private readonly Process _process;
    private readonly Task<string> _messages;

    private CliProcess(Process process)
    {
        _process = process;
        _messages = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public TextReader Data => _process.StandardOutput;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote for people, once it has ended.</summary>
    public Task<string> Messages => _messages;

    public static CliProcess Start(SandboxServer sandbox, params string[] arguments) =>
        Start(new Dictionary<string, string> { ["LALALAI_BASE_URL"] = sandbox.BaseAddress.ToString(), ["LALALAI_LICENSE_KEY"] = sandbox.LicenseKey }, arguments);

    public static CliProcess Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = DotnetProgram.Command(Program, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new CliProcess(Process.Start(start)!);
    }

    /// <summary>Reads events until one of a name comes.</summary>
    public async Task<JObject> ReadEventAsync(string name, CancellationToken cancellationToken)
    {
        while (await Data.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JObject.Parse(line) is var read && (string?)read["event"] == name)
            {
                return read;
            }
        }

        throw new AssertionException($"It ended without the event {name}. {await Messages}");
    }

    /// <summary>Waits for the end, and returns what it wrote for programs.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        var data = await Data.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return data;
    }

    /// <summary>Kills it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Sends it a signal, for example <c>INT</c>.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
