namespace LalalAi.Sandbox.Faults;

/// <summary>A kind of fault.</summary>
/// <param name="Name">What it is called in a plan.</param>
/// <param name="Value">What may stand behind the name.</param>
/// <param name="Scope">Where it strikes unless the entry says where.</param>
/// <param name="Elsewhere">Where else it can strike.</param>
internal sealed record FaultKind(string Name, FaultValue Value, string Scope, params string[] Elsewhere)
{
    public static FaultKind Status { get; } = new("status", FaultValue.RequiredStatus, FaultScope.Any);

    public static FaultKind Html { get; } = new("html", FaultValue.Status, FaultScope.Any);

    public static FaultKind Delay { get; } = new("delay", FaultValue.RequiredDuration, FaultScope.Any);

    public static FaultKind Stall { get; } = new("stall", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind Reset { get; } = new("reset", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind Truncate { get; } = new("truncate", FaultValue.Bytes, FaultScope.Any);

    public static FaultKind LoseAnswer { get; } = new("lose-answer", FaultValue.None, FaultScope.Start, FaultScope.Any);

    public static FaultKind Error { get; } = new("error", FaultValue.Text, FaultScope.Start);

    public static FaultKind MissingId { get; } = new("missing-id", FaultValue.None, FaultScope.Check);

    public static FaultKind ServerError { get; } = new("server-error", FaultValue.None, FaultScope.Check);

    public static FaultKind UnknownStatus { get; } = new("unknown-status", FaultValue.Text, FaultScope.Check);

    public static FaultKind Enhanced { get; } = new("enhanced", FaultValue.None, FaultScope.Check, "upload", "voice_packs.list");

    public static FaultKind TrackName { get; } = new("name", FaultValue.Text, FaultScope.Download);

    public static FaultKind NoName { get; } = new("no-name", FaultValue.None, FaultScope.Download);

    public static FaultKind NoRange { get; } = new("no-range", FaultValue.None, FaultScope.Download);

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        Status, Html, Delay, Stall, Reset, Truncate, LoseAnswer, Error,
        MissingId, ServerError, UnknownStatus, Enhanced, TrackName, NoName, NoRange,
    ];

    /// <summary>Whether it makes sense on all that a scope covers.</summary>
    public bool CanStrike(string scope) => Elsewhere.Prepend(Scope).Any(each => FaultScope.Covers(each, scope));

    public override string ToString() => Name;
}
