namespace LalalAi.Sandbox.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">The name in the text grammar.</param>
/// <param name="Effect">The effect, in a sentence.</param>
/// <param name="Value">The value that follows the name.</param>
/// <param name="Scope">The scope of an entry that does not set one.</param>
/// <param name="Elsewhere">The other scopes that an entry can set.</param>
internal sealed record FaultKind(string Name, string Effect, FaultValue Value, string Scope, params string[] Elsewhere)
{
    public static FaultKind Status { get; } = new(
        "status", "The request is answered with a status code and an error body.", FaultValue.RequiredStatus, FaultScope.Any);

    public static FaultKind Html { get; } = new(
        "html", "The request is answered with the HTML page of a gateway.", FaultValue.Status, FaultScope.Any);

    public static FaultKind Delay { get; } = new(
        "delay", "The response is delayed.", FaultValue.RequiredDuration, FaultScope.Any);

    public static FaultKind Stall { get; } = new(
        "stall", "The response stalls after so many bytes, and the connection stays open.", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind Reset { get; } = new(
        "reset", "The connection is reset after so many bytes, or at once.", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind Truncate { get; } = new(
        "truncate", "The connection is closed after so many bytes, or in the middle of the response.", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind LoseResponse { get; } = new(
        "lose-response",
        "The request is executed, but the connection is reset instead of returning a response.",
        FaultValue.None,
        FaultScope.Start,
        FaultScope.Any);

    public static FaultKind TaskError { get; } = new(
        "task-error", "The started task fails with that code.", FaultValue.Text, FaultScope.Start);

    public static FaultKind MissingTask { get; } = new(
        "missing-task", "A task is missing from the response to a check.", FaultValue.None, FaultScope.Check);

    public static FaultKind LookupError { get; } = new(
        "lookup-error", "A task cannot be looked up.", FaultValue.None, FaultScope.Check);

    public static FaultKind UnknownStatus { get; } = new(
        "unknown-status", "A task has a status that is not in the contract.", FaultValue.Text, FaultScope.Check);

    public static FaultKind UndocumentedValues { get; } = new(
        "undocumented-values",
        "The response deviates from the contract in observed ways.",
        FaultValue.None,
        FaultScope.Check,
        "upload",
        "voice_packs.list");

    public static FaultKind FileName { get; } = new(
        "file-name", "A download has that file name.", FaultValue.Text, FaultScope.Download);

    public static FaultKind MissingFileName { get; } = new(
        "missing-file-name", "A download has no file name.", FaultValue.None, FaultScope.Download);

    public static FaultKind IgnoreRange { get; } = new(
        "ignore-range", "A download ignores the requested range and starts over.", FaultValue.None, FaultScope.Download);

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        Status, Html, Delay, Stall, Reset, Truncate, LoseResponse, TaskError,
        MissingTask, LookupError, UnknownStatus, UndocumentedValues, FileName, MissingFileName, IgnoreRange,
    ];

    /// <summary>Whether it can apply to every operation in a scope.</summary>
    public bool AppliesTo(string scope) => Elsewhere.Prepend(Scope).Any(each => FaultScope.Covers(each, scope));

    public override string ToString() => Name;
}
