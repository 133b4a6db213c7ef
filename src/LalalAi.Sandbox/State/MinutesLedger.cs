namespace LalalAi.Sandbox.State;

/// <summary>The processing minutes of one license. Counted in whole seconds of audio, so that rounding errors do not accumulate.</summary>
internal sealed class MinutesLedger(double minutes)
{
    private double _minutes = minutes;
    private long _spentSeconds;

    public double MinutesLeft
    {
        get => _minutes - (_spentSeconds / 60.0);
        set => (_minutes, _spentSeconds) = (value, 0);
    }

    /// <returns>Whether enough minutes were left. If not, none are spent.</returns>
    public bool TrySpend(long seconds)
    {
        if (_spentSeconds + seconds > _minutes * 60)
        {
            return false;
        }

        _spentSeconds += seconds;
        return true;
    }

    public void GiveBack(long seconds) => _spentSeconds -= seconds;
}
