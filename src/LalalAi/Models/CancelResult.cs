using System.Text.Json.Serialization;

namespace LalalAi;

/// <summary>
/// The result of canceling one task. The cases are <see cref="CancelSucceeded"/>, <see cref="CancelFailed"/> and
/// <see cref="UnknownCancelResult"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "status")]
[JsonDerivedType(typeof(CancelSucceeded), "success")]
[JsonDerivedType(typeof(CancelFailed), "server_error")]
[JsonDerivedType(typeof(UnknownCancelResult), "unknown")]
public abstract record CancelResult
{
    private protected CancelResult()
    {
    }

    /// <summary>The task.</summary>
    public required TaskId TaskId { get; init; }
}

/// <summary>The task was canceled (<c>success</c>).</summary>
public sealed record CancelSucceeded : CancelResult;

/// <summary>The task was not canceled (<c>server_error</c>), for example because it had finished.</summary>
public sealed record CancelFailed : CancelResult
{
    /// <summary>The service's error message.</summary>
    public required string Error { get; init; }
}

/// <summary>A result that this version of the library does not support.</summary>
public sealed record UnknownCancelResult : CancelResult
{
    /// <summary>The response for the task as JSON, or <see langword="null"/> if the response omitted the task.</summary>
    public string? Raw { get; init; }
}
