using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

/// <summary>The tasks that a command line means: those that it names, and those that an output folder's journal knows to be under way.</summary>
internal static class KnownTasks
{
    /// <exception cref="UsageException">It means none.</exception>
    public static IReadOnlyList<TaskId> Select(IReadOnlyList<string> named, string? directory, string service)
    {
        if (named.FirstOrDefault(id => !Guid.TryParse(id, out _)) is { } wrong)
        {
            throw new UsageException($"'{wrong}' is no id of a task. Ids look like 7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34; a run with --json writes them, and --from DIR takes them from an output folder.");
        }

        var tasks = named.Select(id => new TaskId(id)).Concat(directory is null ? [] : InProgress(directory, service)).Distinct().ToList();
        return tasks.Count > 0 || directory is not null ? tasks : throw new UsageException("Which tasks? Name their ids, or an output folder with --from DIR.");
    }

    /// <summary>The tasks of an output folder whose tracks are not all on disk.</summary>
    public static IEnumerable<TaskId> InProgress(string directory, string service)
    {
        var index = JobJournal.Peek(Existing(directory));
        var works = index.WorksOf(service);
        return index.Jobs.Where(job => works.Contains(job.Work) && job.IsInProgress && job.TaskId is not null).Select(job => new TaskId(job.TaskId!));
    }

    /// <summary>The full path of a folder that has a journal.</summary>
    /// <exception cref="UsageException">There is none in it.</exception>
    public static string Existing(string directory)
    {
        var path = Path.GetFullPath(directory);
        return File.Exists(Path.Combine(path, JobJournal.FileName))
            ? path
            : throw new UsageException($"There is no journal ({JobJournal.FileName}) in {path}. Give the output folder of a run, as its -o did.");
    }
}
