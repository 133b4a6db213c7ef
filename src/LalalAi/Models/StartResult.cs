using System.Text.Json.Serialization;

namespace LalalAi;

/// <summary>
/// The result of one start of a batch. The cases are <see cref="StartSucceeded"/>, <see cref="StartFailed"/> and
/// <see cref="StartAmbiguous"/>. The service can accept a batch although none of its starts succeeds, so check each result.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "status")]
[JsonDerivedType(typeof(StartSucceeded), "success")]
[JsonDerivedType(typeof(StartFailed), "error")]
[JsonDerivedType(typeof(StartAmbiguous), "ambiguous")]
public abstract record StartResult
{
    private protected StartResult()
    {
    }

    /// <summary>The source of the start.</summary>
    public required SourceId SourceId { get; init; }

    /// <summary>The idempotency key that the start was sent with. A retry with the same key does not start the task twice.</summary>
    public required Guid IdempotencyKey { get; init; }
}

/// <summary>The task was started (<c>success</c>).</summary>
public sealed record StartSucceeded : StartResult
{
    /// <summary>The task to wait for.</summary>
    public required TaskId TaskId { get; init; }
}

/// <summary>The task was not started (<c>error</c>).</summary>
public sealed record StartFailed : StartResult
{
    /// <summary>The error code to match on.</summary>
    public required StartErrorCode Code { get; init; }

    /// <summary>The service's error message.</summary>
    public required string Error { get; init; }
}

/// <summary>
/// The task may have been started, but the response with its ID was lost or could not be parsed. Do not start it with a new key: retry
/// with <see cref="StartResult.IdempotencyKey"/>, unless <see cref="IsProbablyRunning"/>.
/// </summary>
public sealed record StartAmbiguous : StartResult
{
    /// <summary>
    /// Whether the service confirmed that the key is in use: the task runs, and its ID is lost. If <see langword="false"/>, a retry with
    /// the same key may still return the ID.
    /// </summary>
    public bool IsProbablyRunning { get; init; }

    /// <summary>What happened to the response.</summary>
    public required string Error { get; init; }
}
