using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>What became of the cancellation of one task. The cases are <see cref="CancelSucceeded"/>, <see cref="CancelFailed"/> and <see cref="UnknownCancelOutcome"/>.</summary>
public abstract record CancelOutcome
{
    private protected CancelOutcome()
    {
    }

    /// <summary>The task.</summary>
    public required TaskId Task { get; init; }

    /// <summary>The answer as it came, for what is not declared here.</summary>
    public JToken Raw { get; init; } = JValue.CreateNull();
}

/// <summary>The task was cancelled (<c>success</c>).</summary>
public sealed record CancelSucceeded : CancelOutcome;

/// <summary>The task was not cancelled (<c>server_error</c>), for example because it had ended already.</summary>
public sealed record CancelFailed : CancelOutcome
{
    /// <summary>Why, in the service's words.</summary>
    public required string Error { get; init; }
}

/// <summary>An outcome that this version of the library does not know.</summary>
public sealed record UnknownCancelOutcome : CancelOutcome
{
    /// <summary>The status as it came, or <see langword="null"/> when there was none.</summary>
    public string? Status { get; init; }
}
