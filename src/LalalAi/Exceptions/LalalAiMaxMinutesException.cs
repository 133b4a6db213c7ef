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

    private static string Describe(SourceFile source, double? estimate, double maximum)
    {
        var (name, limit) = (source.Name, FormattableString.Invariant($"{nameof(MaxMinutes)} ({maximum:0.##})"));
        return estimate is { } price
            ? FormattableString.Invariant($"'{name}' would cost about {price:0.##} minutes, more than {limit} allows. Nothing was started.")
            : $"The price of '{name}' is not known, so it could exceed {limit}. Nothing was started. Start it without the limit.";
    }
}
