using System.ComponentModel;
using LalalAi.Cli.Display;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class ResumeCommand(Output output) : ServiceCommand<ResumeCommand.Settings>(output)
{
    internal sealed class Settings : RunSettings
    {
        [CommandArgument(0, "<DIR>")]
        [Description("The output folder of a run that did not come to its end.")]
        public required string Directory { get; init; }
    }

    protected override async Task<int> RunAsync(ServiceConnection connection, Settings settings, CancellationToken cancellationToken)
    {
        using var journal = JobJournal.Open(KnownTasks.Existing(settings.Directory));
        var runs = journal.Query(index => index.Runs.Where(run => run.Service == connection.Service).ToList());
        if (runs.Count == 0)
        {
            throw new UsageException($"The runs into {journal.Directory} went to another service than {connection.Service}. Set {LalalAiClientOptions.BaseAddressVariable}, or --sandbox, as they did.");
        }

        var unfinished = journal.Query(index => runs.GroupBy(run => run.Work).Where(work => IsUnfinished(index, work.Key)).ToList());
        if (unfinished.Count == 0)
        {
            Output.Say($"Nothing to resume: all runs into {CellText.ShortPath(journal.Directory)} are finished.");
        }

        var code = ExitCode.Success;
        foreach (var work in unfinished)
        {
            code = Math.Max(code, await ResumeAsync(connection, settings, [.. work], journal, cancellationToken));
        }

        return code;
    }

    private static bool IsUnfinished(JobIndex index, int work) =>
        index.FilesOf(work).Any(file => file.Sha256 is null || index.FindJob(work, file.Sha256) is not { IsDone: true });

    private Task<int> ResumeAsync(ServiceConnection connection, Settings settings, IReadOnlyList<RunEntry> runs, JobJournal journal, CancellationToken cancellationToken)
    {
        var last = runs[^1];
        var request = new JobRequest(last.Presets, [.. runs.SelectMany(run => run.Inputs).Distinct(StringComparer.Ordinal)], runs.Any(run => run.Recursive)) { ValidatePresets = false };
        var options = settings.ToOptions();
        return JobRun.ResumeAsync(
            connection,
            Output,
            request,
            options with { MaxMinutes = options.MaxMinutes ?? last.MaxMinutes, Delete = options.Delete || last.Delete },
            journal,
            cancellationToken);
    }
}
