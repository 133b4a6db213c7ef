namespace LalalAi.Cli.Jobs;

/// <summary>One file cannot be brought to its end; the others can.</summary>
internal sealed class JobException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}
