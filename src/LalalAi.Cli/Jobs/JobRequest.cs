using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What to do with which files, and how.</summary>
internal sealed record JobRequest
{
    /// <summary>What is done to every file.</summary>
    public required TaskPresets Presets { get; init; }

    /// <summary>Files, folders and globs, as full paths.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Whether folders are searched to the bottom.</summary>
    public bool Recursive { get; init; }

    /// <summary>Whether the presets are compared with the contract's rules.</summary>
    public bool ValidatePresets { get; init; } = true;

    /// <summary>Where the tracks go.</summary>
    public required OutputLayout Layout { get; init; }

    public JobOptions Options { get; init; } = new();

    /// <summary>How often the length of a file is charged.</summary>
    public int Stems => Presets is MultistemPresets multistem ? Math.Max(1, multistem.StemList.Count) : 1;

    /// <summary>How much the tracks of a file take on the disk, roughly.</summary>
    /// <param name="size">The size of the file.</param>
    /// <param name="minutes">Its length, if that is known.</param>
    public long BytesOf(long size, double? minutes)
    {
        // Uncompressed formats at 1,411 kbit/s; other formats take what the recording takes.
        const long BytesPerMinute = 44_100 * 4 * 60;
        var isLarge = TrackNames.FormatOf(Presets)?.Value is "wav" or "flac";
        return TrackNames.Count(Presets) * (isLarge && minutes is { } length ? Math.Max(size, (long)(length * BytesPerMinute)) : size);
    }

    /// <summary>Checks that the presets can be combined.</summary>
    /// <exception cref="UsageException">They cannot.</exception>
    public void Validate()
    {
        try
        {
            if (ValidatePresets)
            {
                Presets.Validate();
            }
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Failure.Describe(exception));
        }
    }

    /// <summary>Whether a run in the journal did the same.</summary>
    public bool IsSameAs(RunEntry run, int work) =>
        run.Work == work
        && run.Recursive == Recursive
        && run.Delete == Options.Delete
        && run.MaxMinutes == Options.MaxMinutes
        && run.Inputs.SequenceEqual(Inputs, StringComparer.Ordinal);
}
