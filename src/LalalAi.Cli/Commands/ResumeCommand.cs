using System.ComponentModel;
using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
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

        var code = ExitCode.Success;
        foreach (var same in runs.GroupBy(run => (run.Work, run.Recursive, Inputs: string.Join('\n', run.Inputs))))
        {
            code = Math.Max(code, await ResumeAsync(connection, settings, same.Last(), journal, cancellationToken));
        }

        return code;
    }

    private async Task<int> ResumeAsync(ServiceConnection connection, Settings settings, RunEntry run, JobJournal journal, CancellationToken cancellationToken)
    {
        var request = JobRequest.From(run);
        var gone = request.Inputs.Except(InputSet.Existing(request.Inputs)).ToList();
        foreach (var path in gone)
        {
            Output.Say($"{path} is not there any more. What is under way of it goes on.");
        }

        var options = settings.ToOptions();
        return await new JobRun(connection, Output, options with { MaxMinutes = options.MaxMinutes ?? run.MaxMinutes, Delete = options.Delete || run.Delete })
            .RunAsync(request with { Inputs = [.. request.Inputs.Except(gone)] }, journal, cancellationToken);
    }
}
