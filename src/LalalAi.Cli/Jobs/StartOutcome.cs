using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What came of a start.</summary>
internal abstract record StartOutcome;

/// <summary>The task runs.</summary>
internal sealed record StartAccepted : StartOutcome;

/// <summary>Nothing was started, and nothing paid.</summary>
/// <param name="Failure">Why.</param>
/// <param name="MayBeTheSource">Whether the reason may be that the service no longer has the source: it gives that no code of its own.</param>
internal sealed record StartRefused(Failure Failure, bool MayBeTheSource) : StartOutcome;

/// <summary>It may have been started; the same key finds out, now or in another run.</summary>
internal sealed record StartUnanswered(Failure Failure) : StartOutcome;

/// <summary>It was started, and the id of the task cannot be had.</summary>
internal sealed record StartLost : StartOutcome;

/// <summary>A start that waits to be sent, alone or with others.</summary>
/// <param name="Job">The file.</param>
/// <param name="SourceId">The source.</param>
/// <param name="Minutes">What it is expected to cost.</param>
/// <param name="Key">The key of an earlier attempt that was not answered; otherwise <see langword="null"/>.</param>
internal sealed record PendingStart(JobRecord Job, string SourceId, double Minutes, Guid? Key)
{
    /// <summary>The outcome, once there is one.</summary>
    public TaskCompletionSource<StartOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
