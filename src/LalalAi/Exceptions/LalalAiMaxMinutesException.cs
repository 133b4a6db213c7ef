namespace LalalAi;

/// <summary>A job would or could cost more than <see cref="ProcessOptions.MaxMinutes"/>. Nothing was started.</summary>
public sealed class LalalAiMaxMinutesException : LalalAiException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The uploaded file.</param>
    /// <param name="estimatedMinutes">The estimated price in minutes, or <see langword="null"/> if it is not known.</param>
    /// <param name="maxMinutes">The limit in minutes.</param>
    public LalalAiMaxMinutesException(SourceFile source, double? estimatedMinutes, double maxMinutes)
        : base(Describe(source ?? throw new ArgumentNullException(nameof(source)), estimatedMinutes, maxMinutes))
    {
        SourceFile = source;
        EstimatedMinutes = estimatedMinutes;
        MaxMinutes = maxMinutes;
    }

    /// <summary>The uploaded file, on which a task can still be started.</summary>
    public SourceFile SourceFile { get; }

    /// <summary>The estimated price in minutes, or <see langword="null"/> if it is not known.</summary>
    public double? EstimatedMinutes { get; }

    /// <summary>The limit in minutes.</summary>
    public double MaxMinutes { get; }

    private static string Describe(SourceFile source, double? estimate, double maximum) => estimate is { } minutes
        ? FormattableString.Invariant(
            $"'{source.Name}' would cost about {minutes:0.##} minutes, more than {nameof(MaxMinutes)} ({maximum:0.##}) allows.")
            + " Nothing was started."
        : FormattableString.Invariant(
            $"The price of '{source.Name}' is not known, so it could exceed {nameof(MaxMinutes)} ({maximum:0.##}).")
            + " Nothing was started. Start it without the limit.";
}
