namespace LalalAi.Sandbox;

/// <summary>The requests that a fault applies to: an operation of the contract, downloads, or a group of operations.</summary>
public sealed record SandboxOperation
{
    private SandboxOperation(string name) => Name = name;

    /// <summary>Every request.</summary>
    public static SandboxOperation Any { get; } = new("any");

    /// <summary>All operations that start tasks.</summary>
    public static SandboxOperation Start { get; } = new("start");

    /// <summary>Downloads of tracks.</summary>
    public static SandboxOperation Download { get; } = new("download");

    /// <summary><c>/upload/</c></summary>
    public static SandboxOperation Upload { get; } = new("upload");

    /// <summary><c>/delete/</c></summary>
    public static SandboxOperation Delete { get; } = new("delete");

    /// <summary><c>/check/</c></summary>
    public static SandboxOperation Check { get; } = new("check");

    /// <summary><c>/cancel/</c></summary>
    public static SandboxOperation Cancel { get; } = new("cancel");

    /// <summary><c>/cancel/all/</c></summary>
    public static SandboxOperation CancelAll { get; } = new("cancel.all");

    /// <summary><c>/limits/minutes_left/</c></summary>
    public static SandboxOperation MinutesLeft { get; } = new("limits.minutes_left");

    /// <summary><c>/voice_packs/list/</c></summary>
    public static SandboxOperation VoicePacks { get; } = new("voice_packs.list");

    /// <summary>Returns an operation by its name.</summary>
    /// <param name="name">Its path with dots for slashes, such as <c>split.batch.demuser</c>.</param>
    public static SandboxOperation Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new SandboxOperation(name);
    }

    /// <summary>The name in the text grammar, such as <c>check</c>.</summary>
    public string Name { get; }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
