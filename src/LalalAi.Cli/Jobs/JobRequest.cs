using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What to do with which files.</summary>
/// <param name="Presets">What is done to every file.</param>
/// <param name="Inputs">Files, folders and globs, as full paths.</param>
/// <param name="Recursive">Whether folders are searched to the bottom.</param>
internal sealed record JobRequest(TaskPresets Presets, IReadOnlyList<string> Inputs, bool Recursive)
{
    /// <summary>Whether the presets are compared with the contract's rules.</summary>
    public bool ValidatePresets { get; init; } = true;

    /// <summary>How often the length of a file is charged.</summary>
    public int Stems => Presets is MultistemPresets multistem ? Math.Max(1, multistem.StemList.Count) : 1;

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

    /// <summary>Whether a run in the journal did the same with the same files.</summary>
    public bool IsSameAs(RunEntry run, int work) =>
        run.Work == work && run.Recursive == Recursive && run.Inputs.SequenceEqual(Inputs, StringComparer.Ordinal);
}
