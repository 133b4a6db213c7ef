namespace LalalAi;

/// <summary>A job would have cost more than <see cref="SeparationOptions.MaxMinutes"/>. Nothing was started.</summary>
public sealed class LalalAiCeilingException : LalalAiException
{
    internal LalalAiCeilingException(SourceFile sourceFile, double estimate, double ceiling)
        : base(FormattableString.Invariant($"'{sourceFile.Name}' would cost about {estimate:0.##} minutes, more than the {ceiling:0.##} allowed by {nameof(SeparationOptions.MaxMinutes)}. Nothing was started."))
    {
        SourceFile = sourceFile;
        EstimatedMinutes = estimate;
    }

    /// <summary>The uploaded file, which a task can still be started on.</summary>
    public SourceFile SourceFile { get; }

    /// <summary>What the job would have cost, in minutes.</summary>
    public double EstimatedMinutes { get; }
}
