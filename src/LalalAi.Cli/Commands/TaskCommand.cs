using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

/// <summary>A command for tasks: those in its arguments, or those in progress in an output folder.</summary>
internal abstract class TaskCommand : ServiceCommand
{
    private readonly Argument<string[]> _tasks = new("task")
    {
        HelpName = "TASK-ID...",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The tasks, by the IDs that their starts returned.",
    };

    private readonly CliOption<string?> _from = CliOption.Text(
        OptionGroup.What, "--from", "DIR", "The tasks in progress of this output folder.");

    protected TaskCommand(Output output, ProgramContext context, string name, string description)
        : base(output, context, name, description)
    {
        Add(_tasks);
        Add(_from);
    }

    protected string? DirectoryOf(ParseResult arguments) =>
        // A temporary sandbox that has ended has no tasks, so there is no service to choose.
        arguments.GetValue(_from) is { } directory
            ? OutputFolder.Existing(directory, IsSandbox(arguments) || !JobJournal.Exists(directory))
            : null;

    protected bool HasTasks(ParseResult arguments) => arguments.GetValue(_tasks)!.Length > 0;

    /// <summary>Returns the tasks, with their recordings if these are known.</summary>
    /// <exception cref="UsageException">No tasks were passed, or an argument is not an ID.</exception>
    protected IReadOnlyDictionary<TaskId, string?> Read(ParseResult arguments)
    {
        var passed = arguments.GetValue(_tasks)!;
        if (passed.FirstOrDefault(id => !Guid.TryParse(id, out _)) is { } wrong)
        {
            throw new UsageException(
                $"'{wrong}' is not a task ID. Task IDs are UUIDs, such as 7d3b2a90-1c4e-4b6f-9f1d-0a8e5c2b7d34. "
                    + "A run with --json writes them, and --from DIR takes them from an output folder.");
        }

        var directory = DirectoryOf(arguments);
        if (passed.Length == 0 && directory is null)
        {
            throw new UsageException("No tasks given. Pass task IDs, or --from DIR.");
        }

        var tasks = passed.Select(id => new TaskId(id)).Distinct().ToDictionary(id => id, _ => (string?)null);
        foreach (var job in directory is null ? [] : InProgress(directory, ServiceConnection.Current(Context, IsSandbox(arguments))))
        {
            tasks[new TaskId(job.TaskId!)] = job.Input;
        }

        return tasks;
    }

    /// <summary>The tasks in progress of an output folder. Those of a temporary sandbox ended with it.</summary>
    protected static IReadOnlyList<JobRecord> InProgress(string directory, string service)
    {
        var index = JobJournal.Peek(directory);
        var works = index.WorksOf(service);
        return service == ServiceConnection.SandboxName
            ? []
            : [.. index.Jobs.Where(job => works.Contains(job.Work) && job.IsInProgress && job.TaskId is not null)];
    }
}
