namespace LalalAi;

/// <summary>How far an upload or a download is.</summary>
/// <param name="BytesTransferred">The bytes sent or received so far. It goes back to the start when a transfer is retried.</param>
/// <param name="TotalBytes">The bytes in all, or <see langword="null"/> if they are not known in advance.</param>
/// <param name="BytesPerSecond">The average rate since the transfer or its latest retry began.</param>
public readonly record struct TransferProgress(long BytesTransferred, long? TotalBytes, double BytesPerSecond)
{
    /// <summary>The part that is done, from 0 to 1, or <see langword="null"/> if the total is not known.</summary>
    public double? Fraction => TotalBytes switch
    {
        null => null,
        0 => 1,
        { } total => Math.Min(1, (double)BytesTransferred / total),
    };

    /// <summary>The time that is left at the present rate, or <see langword="null"/> if it is not known.</summary>
    public TimeSpan? Remaining =>
        TotalBytes is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - BytesTransferred) / BytesPerSecond) : null;
}
