namespace LalalAi.ContractTool.Tests.Commands;

internal sealed class HelpTests
{
    [TestCase("diff")]
    [TestCase("update")]
    public void Help_of_a_command_explains_its_exit_codes(string command)
    {
        var run = Tool.Run(command, "--help");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(string.Join(' ', run.Output.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), Does.Contain("Exit codes: 0 no fact changed, 1 additions and harmless changes only, 2 something breaks callers, 3 failed"));
    }

    [Test]
    public void The_help_names_every_command() => Assert.That(Tool.Run("--help").Output, Does.Contain("lower").And.Contain("diff").And.Contain("update"));
}
