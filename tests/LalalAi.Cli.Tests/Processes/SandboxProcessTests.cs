namespace LalalAi.Cli.Tests.Processes;

/// <summary>The sandbox as a process of its own.</summary>
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
public sealed class SandboxProcessTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task The_sandbox_serves_a_second_process_until_it_is_told_to_end(CancellationToken cancellationToken)
    {
        using var sandbox = CliProcess.Start([], "sandbox", "--speed", "100");
        var address = await sandbox.ReadLineAsync(cancellationToken);
        using var client = CliProcess.Start(new Dictionary<string, string> { ["LALALAI_BASE_URL"] = address!, ["LALALAI_LICENSE_KEY"] = "sandbox-license-key" }, "minutes");
        var minutes = await client.EndAsync(cancellationToken);
        await sandbox.SignalAsync("TERM", cancellationToken);
        await sandbox.EndAsync(cancellationToken);

        Assert.That(minutes.Trim(), Is.EqualTo("600"));
        Assert.That(sandbox.ExitCode, Is.Zero, "It ended by itself.");
    }
}
