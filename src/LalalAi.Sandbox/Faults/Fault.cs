namespace LalalAi.Sandbox.Faults;

/// <summary>One thing that goes wrong.</summary>
internal sealed record Fault(FaultKind Kind)
{
    /// <summary>A task that fails.</summary>
    public static Fault Failure(string detail) => new(FaultKind.Error) { Detail = detail };

    /// <summary>The text, where the kind takes one.</summary>
    public string? Text { get; init; }

    /// <summary>The number of bytes or the status code, where the kind takes one.</summary>
    public long? Number { get; init; }

    /// <summary>The duration, where the kind takes one.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The <c>code</c> of an error.</summary>
    public string? Code { get; init; }

    /// <summary>The <c>detail</c> of an error.</summary>
    public string? Detail { get; init; }
}
