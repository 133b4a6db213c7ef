namespace LalalAi.Cli.Tests.Processes;

/// <summary>A program whose environment names a proxy.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class ProxyTests : SandboxFixture
{
    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Loopback_is_reached_without_the_proxy_of_the_environment(CancellationToken cancellationToken)
    {
        await using var proxy = ScriptedServer.StartReading(_ => new ScriptedResponse { Status = 502 });
        var variables = new Dictionary<string, string>(Variables);
        foreach (var name in new[] { "http_proxy", "https_proxy", "all_proxy" })
        {
            variables[name] = proxy.Address.ToString();
        }

        using var run = CliProcess.Start(variables, "split", Song, "-o", Output);
        await run.EndAsync(cancellationToken);

        Assert.That(run.ExitCode, Is.Zero, await run.Messages);
        Assert.That(proxy.Requests, Is.Empty);
    }
}
