using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Jobs;

/// <summary>What is to be done with which files, and where the tracks go.</summary>
/// <param name="Recipe">What is done to every file.</param>
/// <param name="Inputs">Files, folders and globs, as full paths.</param>
/// <param name="Recursive">Whether folders are searched to the bottom.</param>
internal sealed record JobRequest(Recipe Recipe, IReadOnlyList<string> Inputs, bool Recursive)
{
    public static JobRequest From(RunEntry run) => new(Recipe.From(run.Kind, run.Presets), run.Inputs, run.Recursive);

    /// <summary>Whether a run in the journal did the same with the same files.</summary>
    public bool IsSameAs(RunEntry run, int work) => run.Work == work && run.Recursive == Recursive && run.Inputs.SequenceEqual(Inputs, StringComparer.Ordinal);
}
