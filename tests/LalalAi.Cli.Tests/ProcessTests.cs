using System.Text;
using CliWrap;
using CliWrap.EventStream;
using Shell = CliWrap.Cli;

namespace LalalAi.Cli.Tests;

/// <summary>The program as a process of its own.</summary>
public sealed class ProcessTests
{
    private static readonly string Program = Path.Combine(TestContext.CurrentContext.TestDirectory, "LalalAi.Cli.dll");

    [Test]
    public async Task The_sandbox_serves_a_second_process_until_it_is_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        var answers = new List<string>();
        var sandbox = Shell.Wrap("dotnet").WithArguments([Program, "sandbox", "--speed", "100"]);

        var run = RunAsync();
        var ended = await Assert.ThrowsAsync<OperationCanceledException>(() => run);

        Assert.That(answers, Is.EqualTo(new[] { "600" }));
        Assert.That(ended!.Message, Does.Contain("gracefully"), "It ended by itself after the interrupt.");

        async Task RunAsync()
        {
            await foreach (var happening in sandbox.ListenAsync(Encoding.UTF8, Encoding.UTF8, CancellationToken.None, interrupt.Token))
            {
                if (happening is StandardOutputCommandEvent { Text: var address })
                {
                    var minutes = new StringBuilder();
                    await Shell.Wrap("dotnet")
                        .WithArguments([Program, "minutes"])
                        .WithEnvironmentVariables(new Dictionary<string, string?> { ["LALALAI_BASE_URL"] = address, ["LALALAI_LICENSE_KEY"] = "sandbox-license-key" })
                        .WithStandardOutputPipe(PipeTarget.ToStringBuilder(minutes))
                        .ExecuteAsync(CancellationToken.None);
                    answers.Add(minutes.ToString().Trim());
                    await interrupt.CancelAsync();
                }
            }
        }
    }
}
