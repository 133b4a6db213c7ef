using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What every part of a run works with.</summary>
internal sealed record RunContext
{
    // What expires while it is being used is as good as expired.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TaskLifetime = TimeSpan.FromHours(24);

    public required ILalalAiClient Client { get; init; }

    /// <summary>Which service it is: its address, or <c>sandbox</c>.</summary>
    public required string Service { get; init; }

    public required JobJournal Journal { get; init; }

    public required int Work { get; init; }

    public required Recipe Recipe { get; init; }

    public required JobOptions Options { get; init; }

    public required RunReport Report { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public DateTimeOffset Now => TimeProvider.GetUtcNow();

    /// <summary>Whether a source can still be used.</summary>
    public bool IsAlive(SourceEntry source) => source.ExpiresAt - Now > Margin;

    /// <summary>Whether a task that was started then can still be checked.</summary>
    public bool CanBeChecked(DateTimeOffset startedAt) => startedAt + TaskLifetime - Now > Margin;
}
