namespace LalalAi;

/// <summary>Options of one call of <see cref="ILalalAiClient.SendAsync"/>.</summary>
public sealed record CallOptions
{
    /// <summary>The name of the operation in traces, metrics, logs and messages. <c>Send</c> by default.</summary>
    public string Operation { get; init; } = "Send";

    /// <summary>
    /// The timeout of one attempt, of any length, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.
    /// <see cref="LalalAiClientOptions.RequestTimeout"/> by default.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How many times the call is retried after a transient failure. 0 by default, because you may pay twice if the call is not free or
    /// has no idempotency key.
    /// </summary>
    public int MaxRetries { get; init; }

    internal void Validate()
    {
        if (Timeout is { } timeout && !LalalAiClientOptions.IsTimeout(timeout))
        {
            throw new ArgumentException($"{nameof(CallOptions)}.{nameof(Timeout)} is {timeout}; it must be more than zero, or infinite.");
        }

        if (MaxRetries < 0)
        {
            throw new ArgumentException($"{nameof(CallOptions)}.{nameof(MaxRetries)} is {MaxRetries}; it must be 0 or more.");
        }
    }
}
