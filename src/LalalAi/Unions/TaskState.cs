using LalalAi.Generated;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// What a check answers for one task. The cases are <see cref="TaskInProgress"/>, <see cref="TaskSucceeded"/>, <see cref="TaskFailed"/>,
/// <see cref="TaskCancelled"/>, <see cref="TaskLookupFailed"/> and, for whatever the service adds, <see cref="UnknownTaskState"/>.
/// </summary>
public abstract record TaskState
{
    private protected TaskState()
    {
    }

    /// <summary>The task.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The answer as it came, for what is not declared here.</summary>
    public JToken Raw { get; init; } = JValue.CreateNull();

    /// <summary>Whether the task will not change any more: every state but <see cref="TaskInProgress"/>.</summary>
    public bool IsFinal => this is not TaskInProgress;
}

/// <summary>A state that the service could look up, with what the task works on.</summary>
public abstract record KnownTaskState : TaskState
{
    private protected KnownTaskState()
    {
    }

    /// <summary>The source of the task.</summary>
    public required SourceId Source { get; init; }

    /// <summary>What the task runs with, the service's choices included.</summary>
    public required TaskPresets Presets { get; init; }
}

/// <summary>The task waits in the queue or is being worked on (<c>progress</c>).</summary>
public sealed record TaskInProgress : KnownTaskState
{
    /// <summary>How much is done, in percent from 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>Whether the task has not begun yet; the service says so by zero percent.</summary>
    public bool IsQueued => Percent == 0;
}

/// <summary>The task is done and its tracks can be downloaded (<c>success</c>).</summary>
public sealed record TaskSucceeded : KnownTaskState
{
    /// <summary>The tracks that the task made, in the service's order.</summary>
    public required IReadOnlyList<TaskTrack> Tracks { get; init; }

    /// <summary>The playing time of the tracks. The service counts in whole seconds.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>The task failed (<c>error</c>), for example because no voice was found.</summary>
public sealed record TaskFailed : KnownTaskState
{
    /// <summary>Why, in the service's words; match on its code.</summary>
    public required TaskError Error { get; init; }
}

/// <summary>The task was cancelled, or its source deleted while it ran (<c>cancelled</c>).</summary>
public sealed record TaskCancelled : KnownTaskState;

/// <summary>
/// The service could not look the task up (<c>server_error</c>), or its answer left the task out: the id is unknown, belongs to another key, or is older than 24 hours.
/// </summary>
public sealed record TaskLookupFailed : TaskState
{
    /// <summary>Why, in the service's words.</summary>
    public required string Message { get; init; }
}

/// <summary>A status, or the shape of one, that this version of the library does not know. <see cref="TaskState.Raw"/> holds it.</summary>
public sealed record UnknownTaskState : TaskState
{
    /// <summary>The status as it came, or <see langword="null"/> when there was none.</summary>
    public string? Status { get; init; }

    /// <summary>What kept the answer from being read, when the status is a known one.</summary>
    public string? Problem { get; init; }
}
