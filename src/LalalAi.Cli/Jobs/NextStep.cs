using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What a job needs next, by what the journal knows of it.</summary>
internal enum NextStep
{
    /// <summary>Its task runs or is done: wait for it, and fetch what is missing.</summary>
    Wait,

    /// <summary>A start was sent and not answered: ask again with the same key.</summary>
    Repeat,

    /// <summary>Nothing was paid for yet.</summary>
    Start,
}

/// <summary>Decides what a job needs next. What cannot be had any more is paid for again only when that was asked for.</summary>
internal sealed class NextSteps(RunContext run)
{
    private const string Restart = "--restart-lost starts it again, and pays for it again.";

    /// <exception cref="JobException">What was paid for cannot be had any more.</exception>
    public NextStep Of(JobRecord job) => job switch
    {
        { IsLost: true } => Again("Its task was started, but the answer with the id was lost, so that its tracks cannot be had here. They may be in your account on the service's site."),
        { EndReason: { } reason } => Again($"{reason}"),
        { Started: { } started } => run.CanBeChecked(started.At) ? NextStep.Wait : Again($"Task {started.TaskId} is older than the 24 hours for which tasks can be looked up, and not all of its tracks are on disk."),
        { Start: { } start } => run.CanBeChecked(start.At) ? NextStep.Repeat : Again("Whether its task was started was never answered, and it is too late to ask."),
        _ => NextStep.Start,
    };

    private NextStep Again(string why) => run.Options.RestartLost ? NextStep.Start : throw new JobException(new Failure(ExitCode.Failure, $"{why} {Restart}"));
}
