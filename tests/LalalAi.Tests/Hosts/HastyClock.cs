namespace LalalAi.Tests.Hosts;

/// <summary>A clock on which every wait is noted, and then over at once or never. Time-outs are to be <see cref="NoLimit"/>.</summary>
internal sealed class HastyClock(Action<TimeSpan> note, bool fires) : TimeProvider
{
    /// <summary>A time-out that is told from a wait.</summary>
    public static readonly TimeSpan NoLimit = TimeSpan.FromDays(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isWait = dueTime >= TimeSpan.Zero && dueTime < NoLimit;
        if (isWait)
        {
            note(dueTime);
        }

        return base.CreateTimer(callback, state, isWait && fires ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
