namespace LalalAi.Sandbox.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">What it is called in a plan.</param>
/// <param name="Effect">What it does, in a sentence.</param>
/// <param name="Value">What may stand behind the name.</param>
/// <param name="Scope">Where it strikes unless the entry says where.</param>
/// <param name="Elsewhere">Where else it can strike.</param>
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

    public static FaultKind LoseAnswer { get; } = new(
        "lose-answer",
        "The request is executed, but the connection is reset instead of returning a response.",
        FaultValue.None,
        FaultScope.Start,
        FaultScope.Any);

    public static FaultKind Error { get; } = new(
        "error", "The started task fails with that code.", FaultValue.Text, FaultScope.Start);

    public static FaultKind MissingId { get; } = new(
        "missing-id", "A task is missing from the response to a check.", FaultValue.None, FaultScope.Check);

    public static FaultKind ServerError { get; } = new(
        "server-error", "A task cannot be looked up.", FaultValue.None, FaultScope.Check);

    public static FaultKind UnknownStatus { get; } = new(
        "unknown-status", "A task has a status that is not in the contract.", FaultValue.Text, FaultScope.Check);

    public static FaultKind Enhanced { get; } = new(
        "enhanced",
        "The response deviates from the contract in observed ways.",
        FaultValue.None,
        FaultScope.Check,
        "upload",
        "voice_packs.list");

    public static FaultKind TrackName { get; } = new(
        "name", "A download has that file name.", FaultValue.Text, FaultScope.Download);

    public static FaultKind NoName { get; } = new(
        "no-name", "A download has no file name.", FaultValue.None, FaultScope.Download);

    public static FaultKind NoRange { get; } = new(
        "no-range", "A download ignores the requested range and starts over.", FaultValue.None, FaultScope.Download);

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        Status, Html, Delay, Stall, Reset, Truncate, LoseAnswer, Error,
        MissingId, ServerError, UnknownStatus, Enhanced, TrackName, NoName, NoRange,
    ];

    /// <summary>Whether it makes sense on all that a scope covers.</summary>
    public bool CanStrike(string scope) => Elsewhere.Prepend(Scope).Any(each => FaultScope.Covers(each, scope));

    public override string ToString() => Name;
}
