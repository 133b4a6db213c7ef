namespace LalalAi.Cli.Tests.Processes;

/// <summary>The sandbox as a separate process.</summary>
[Platform(Exclude = "Win", Reason = "There is no signal to end a process with.")]
[Parallelizable]
public sealed class SandboxProcessTests
{
    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task The_sandbox_serves_a_second_process_until_it_is_asked_to_end(CancellationToken cancellationToken)
    {
        using var sandbox = CliProcess.Start([], "sandbox", "--speed", "100");
        var address = await sandbox.ReadLineAsync(cancellationToken);
        using var client = CliProcess.Start(
            new Dictionary<string, string> { ["LALALAI_BASE_URL"] = address!, ["LALALAI_LICENSE_KEY"] = "sandbox-license-key" }, "minutes");
        var minutes = await client.EndAsync(cancellationToken);
        await sandbox.SignalAsync("TERM", cancellationToken);
        await sandbox.EndAsync(cancellationToken);

        Assert.That(minutes.Trim(), Is.EqualTo("600"));
        Assert.That(sandbox.ExitCode, Is.Zero, "It ended by itself.");
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    [Platform("Linux", Reason = "Elsewhere, the system opens the browser.")]
    public async Task Open_shows_the_page_in_the_browser(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var opened = Path.Combine(folder, "opened");
        var browser = Path.Combine(folder, "xdg-open");
        await File.WriteAllTextAsync(browser, $"#!/bin/sh\necho \"$1\" > '{opened}.part' && mv '{opened}.part' '{opened}'\n", cancellationToken);
        await TestProcess.RunAsync("chmod", "+x", browser);
        using var sandbox = CliProcess.Start(
            new Dictionary<string, string> { ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}" }, "sandbox", "--open");
        var address = await sandbox.ReadLineAsync(cancellationToken);
        await TestLimit.UntilAsync(() => File.Exists(opened), cancellationToken);

        Assert.That((await File.ReadAllTextAsync(opened, cancellationToken)).Trim(), Is.EqualTo($"{address}_sandbox/"));
        Directory.Delete(folder, recursive: true);
    }
}
