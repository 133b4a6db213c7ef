using System.Diagnostics;

namespace LalalAi.Cli.Tests;

/// <summary>The program as a process of its own.</summary>
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
public sealed class ProcessTests
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    [Test]
    [CancelAfter(60_000)]
    public async Task The_sandbox_serves_a_second_process_until_it_is_told_to_end(CancellationToken cancellationToken)
    {
        using var sandbox = Start(new Dictionary<string, string>(), "sandbox", "--speed", "100");
        try
        {
            var address = await sandbox.StandardOutput.ReadLineAsync(cancellationToken);
            using var client = Start(new Dictionary<string, string> { ["LALALAI_BASE_URL"] = address!, ["LALALAI_LICENSE_KEY"] = "sandbox-license-key" }, "minutes");
            var minutes = await client.StandardOutput.ReadToEndAsync(cancellationToken);
            using var end = Process.Start("kill", ["-TERM", sandbox.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await sandbox.WaitForExitAsync(cancellationToken);

            Assert.That(minutes.Trim(), Is.EqualTo("600"));
            Assert.That(sandbox.ExitCode, Is.Zero, "It ended by itself.");
        }
        finally
        {
            sandbox.Kill();
        }
    }

    private static Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
