namespace LalalAi.Sandbox.Time;

/// <summary>A clock that can be advanced relative to another clock.</summary>
internal sealed class SandboxClock(TimeProvider inner) : TimeProvider
{
    /// <summary>The longest time that is added to the current time. The clock keeps this distance from the last date.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(10 * 365);

    private long _aheadTicks;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    public override long GetTimestamp() => inner.GetTimestamp();

    // Advancing the clock does not shorten delays.
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    /// <summary>Advances the clock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or the clock would leave the range of dates.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, DateTimeOffset.MaxValue - GetUtcNow() - LongestLifetime);
        Interlocked.Add(ref _aheadTicks, time.Ticks);
    }
}
