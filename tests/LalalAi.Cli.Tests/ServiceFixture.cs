namespace LalalAi.Cli.Tests;

/// <summary>Commands inside the test process, whose variables point them at the sandbox.</summary>
[Parallelizable]
public abstract class ServiceFixture : SandboxFixture
{
    /// <summary>The delay before the first retry, or <see langword="null"/> for the client's default.</summary>
    protected virtual TimeSpan? RetryDelay => null;

    protected Task<CommandRun> StartAsync(params string[] arguments) => StartAsync(arguments, CancellationToken.None);

    protected Task<CommandRun> StartAsync(string[] arguments, CancellationToken cancellationToken, TextReader? input = null) =>
        CommandRun.StartAsync(arguments, CommandRun.Context(Variables, input, retryDelay: RetryDelay), cancellationToken);

    /// <summary>Runs a job over the song, or over other paths, into the output folder.</summary>
    protected Task<CommandRun> RunAsync(string command, params string[] arguments) =>
        StartAsync([command, Song, "-o", Output, .. arguments]);
}
