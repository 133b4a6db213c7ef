using LalalAi.Generated;
using Newtonsoft.Json.Linq;

namespace LalalAi;

/// <summary>
/// What became of one item of a batch. The cases are <see cref="TaskStarted"/>, <see cref="TaskStartFailed"/> and <see cref="UnknownTaskStart"/>.
/// A batch that the service accepts says nothing about its items: each can have failed.
/// </summary>
public abstract record TaskStart
{
    private protected TaskStart()
    {
    }

    /// <summary>The source of the item.</summary>
    public required SourceId Source { get; init; }

    /// <summary>The key that the item was sent with; repeating it with the same key does not start it twice.</summary>
    public Guid IdempotencyKey { get; init; }

    /// <summary>The answer as it came, for what is not declared here.</summary>
    public JToken Raw { get; init; } = JValue.CreateNull();
}

/// <summary>The task was started (<c>success</c>).</summary>
public sealed record TaskStarted : TaskStart
{
    /// <summary>The task to wait for.</summary>
    public required TaskId Task { get; init; }
}

/// <summary>The task was not started (<c>error</c>).</summary>
public sealed record TaskStartFailed : TaskStart
{
    /// <summary>Why; match on this.</summary>
    public required TaskStartErrorCode Code { get; init; }

    /// <summary>Why, in the service's words.</summary>
    public required string Error { get; init; }
}

/// <summary>An answer for the item that this version of the library does not know; it may have been started.</summary>
public sealed record UnknownTaskStart : TaskStart
{
    /// <summary>The status as it came, or <see langword="null"/> when there was none.</summary>
    public string? Status { get; init; }
}
