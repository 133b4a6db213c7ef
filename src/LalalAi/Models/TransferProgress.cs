namespace LalalAi;

/// <summary>The progress of an upload or a download.</summary>
/// <param name="BytesTransferred">The bytes sent or received so far. The number decreases when a transfer is retried from an earlier
/// position.</param>
/// <param name="TotalBytes">The total number of bytes, or <see langword="null"/> if it is not known in advance.</param>
/// <param name="BytesPerSecond">The average rate since the transfer or its latest retry began.</param>
public readonly record struct TransferProgress(long BytesTransferred, long? TotalBytes, double BytesPerSecond)
{
    /// <summary>The completed fraction, from 0 to 1, or <see langword="null"/> if the total is not known.</summary>
    public double? Fraction => TotalBytes switch
    {
        null => null,
        0 => 1,
        { } total => Math.Min(1, (double)BytesTransferred / total),
    };

    /// <summary>The time left at the current rate, or <see langword="null"/> if it is not known.</summary>
    public TimeSpan? Remaining =>
        TotalBytes is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - BytesTransferred) / BytesPerSecond) : null;
}
