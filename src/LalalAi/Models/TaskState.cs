using System.Text;
using Newtonsoft.Json.Linq;
using StjConverter = System.Text.Json.Serialization.JsonConverterAttribute;

namespace LalalAi;

/// <summary>
/// The state of a task, as a check returns it. The cases are <see cref="TaskInProgress"/>, <see cref="TaskSucceeded"/>,
/// <see cref="TaskFailed"/>, <see cref="TaskCanceled"/>, <see cref="TaskLookupFailed"/> and, for future additions of the service,
/// <see cref="UnknownTaskState"/>.
/// </summary>
/// <remarks>
/// States are equal by value. Both JSON serializers read and write them in the contract's shape, with the ID as <c>task_id</c> and with
/// fields that the contract does not declare. Text and JSON never contain download links: they are signed, and anyone who has one can
/// download the track.
/// </remarks>
[Newtonsoft.Json.JsonConverter(typeof(Models.TaskStateConverter))]
[StjConverter(typeof(ContractJsonConverter))]
public abstract record TaskState
{
    private protected TaskState()
    {
    }

    /// <summary>The task.</summary>
    public required TaskId TaskId { get; init; }

    /// <summary>
    /// The raw response for the task, including download links and undeclared fields. It is not part of equality or of the text form.
    /// </summary>
    public JToken Raw { get; init; } = JValue.CreateNull();

    /// <summary>
    /// Whether the task will no longer change: <see langword="true"/> for every state but <see cref="TaskInProgress"/> and an
    /// <see cref="UnknownTaskState"/> with the status <c>progress</c>, which is a response about a task in progress that could not be read.
    /// </summary>
    public bool IsFinal => this is not (TaskInProgress or UnknownTaskState { Status: "progress" });

    /// <summary>Returns whether both are the same state of the same task.</summary>
    public virtual bool Equals(TaskState? other) =>
        other is not null && EqualityContract == other.EqualityContract && TaskId == other.TaskId;

    /// <inheritdoc/>
    public override int GetHashCode() => TaskId.GetHashCode();

    /// <summary>Appends the members for <see cref="object.ToString"/>, without <see cref="Raw"/>, which contains links.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        builder.Append("TaskId = ").Append(TaskId);
        return true;
    }
}

/// <summary>A state of a task that the service could look up.</summary>
public abstract record KnownTaskState : TaskState
{
    private protected KnownTaskState()
    {
    }

    /// <summary>The source of the task.</summary>
    public required SourceId SourceId { get; init; }

    /// <summary>The parameters of the task, including the options that the service chose.</summary>
    public required TaskPresets Presets { get; init; }
}

/// <summary>The task is queued or in progress (<c>progress</c>).</summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record TaskInProgress : KnownTaskState
{
    /// <summary>The progress in percent, from 0 to 100, or <see langword="null"/> if the service did not send a number.</summary>
    public required int? Percent { get; init; }

    /// <summary>Whether the task is queued; the service reports this as zero percent.</summary>
    public bool IsQueued => Percent == 0;
}

/// <summary>The task succeeded, and its tracks can be downloaded (<c>success</c>).</summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record TaskSucceeded : KnownTaskState
{
    /// <summary>The tracks, in the service's order.</summary>
    public required IReadOnlyList<TaskTrack> Tracks { get; init => field = ValueList<TaskTrack>.Copy(value); }

    /// <summary>
    /// The playing time of the tracks, or <see langword="null"/> if the service did not send it. The service counts in whole seconds.
    /// </summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>The task failed (<c>error</c>), for example because no voice was found.</summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record TaskFailed : KnownTaskState
{
    /// <summary>The reason: a text for people and, where the service sends one, a code to match on.</summary>
    public required TaskError Error { get; init; }
}

/// <summary>The task was canceled, or its source was deleted while it ran (<c>cancelled</c>).</summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record TaskCanceled : KnownTaskState;

/// <summary>
/// The service could not look up the task (<c>server_error</c>), its response left the task out, or it rejected the ID: the ID is unknown,
/// belongs to another license key, or is older than 24 hours.
/// </summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record TaskLookupFailed : TaskState
{
    /// <summary>The service's error message.</summary>
    public required string Message { get; init; }
}

/// <summary>
/// A status, or a shape of a known one, that this version of the library does not know. <see cref="TaskState.Raw"/> contains the response.
/// </summary>
[StjConverter(typeof(ContractJsonConverter))]
public sealed record UnknownTaskState : TaskState
{
    /// <summary>The status as the service sent it, or <see langword="null"/> if there was none.</summary>
    public string? Status { get; init; }

    /// <summary>Why the response could not be read, if the status is a known one.</summary>
    public string? Problem { get; init; }
}
