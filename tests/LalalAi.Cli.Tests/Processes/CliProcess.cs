using LalalAi.Sandbox;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests.Processes;

/// <summary>The program as a process of its own, pointed at a sandbox in the test.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    private readonly TestProcess _process;

    private CliProcess(TestProcess process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitAsync().GetAwaiter().GetResult();

    /// <summary>What it wrote for people, once it has ended.</summary>
    public Task<string> Messages => MessagesAsync();

    public static CliProcess Start(SandboxServer sandbox, params string[] arguments) => Start(
        new Dictionary<string, string>
        {
            ["LALALAI_BASE_URL"] = sandbox.BaseAddress.ToString(),
            ["LALALAI_LICENSE_KEY"] = sandbox.LicenseKey,
        },
        arguments);

    public static CliProcess Start(Dictionary<string, string> environment, params string[] arguments) =>
        new(TestProcess.StartAssembly(Program, arguments, environment));

    /// <summary>Skips a test whose process would ignore SIGHUP, because this one was started so.</summary>
    public static void RequireHangUp()
    {
        var ignored = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..]
            : "0";
        if ((Convert.ToUInt64(ignored.Trim(), 16) & 1) == 1)
        {
            Assert.Ignore("The tests were started by nohup, so that their processes ignore SIGHUP.");
        }
    }

    /// <summary>Reads the next line of what it writes for programs; <see langword="null"/> at the end.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => _process.ReadLineAsync(cancellationToken);

    /// <summary>Reads events until one of a name comes.</summary>
    public async Task<JObject> ReadEventAsync(string name, CancellationToken cancellationToken)
    {
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            if (JObject.Parse(line) is var read && (string?)read["event"] == name)
            {
                return read;
            }
        }

        throw new AssertionException($"It ended without the event {name}. {await Messages}");
    }

    /// <summary>Waits for the end, and returns what it wrote for programs since it was last read.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        var data = new StringWriter();
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            await data.WriteLineAsync(line);
        }

        await _process.ExitAsync(cancellationToken);
        return data.ToString();
    }

    /// <summary>Kills it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => _process.KillAsync().WaitAsync(cancellationToken);

    /// <summary>Sends it a signal, for example <c>INT</c>.</summary>
    public Task SignalAsync(string signal, CancellationToken cancellationToken) =>
        _process.SignalAsync(signal).WaitAsync(cancellationToken);

    public void Dispose() => _process.Dispose();

    private async Task<string> MessagesAsync()
    {
        await _process.ExitAsync();
        return _process.Errors;
    }
}
