using LalalAi.Cli.Connection;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

/// <summary>The output folder in an argument.</summary>
internal static class OutputFolder
{
    /// <summary>The full path of a folder that has a journal.</summary>
    /// <exception cref="UsageException">The folder has no journal.</exception>
    public static string Existing(string directory, bool isSandbox)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var sandbox = Path.Combine(path, ServiceConnection.SandboxName);
        return isSandbox && JobJournal.Exists(sandbox) ? sandbox
            : JobJournal.Exists(path) ? path
            : JobJournal.Exists(sandbox) ? throw new UsageException($"The run into {path} used a sandbox. Add --sandbox.")
            : throw new UsageException(
                $"There is no journal ({JobJournal.FileName}) in {path}. Pass the output folder of a run, as its -o did.");
    }
}
