using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

internal sealed class ResumeCommand : ServiceCommand
{
    private readonly Argument<string> _directory =
        new("directory") { HelpName = "DIR", Description = "The output folder of an unfinished run." };

    private readonly RunOptions _run = new();

    public ResumeCommand(Output output, ProgramContext context)
        : base(output, context, "resume", "Resume unfinished runs in an output folder. Only files of those runs are processed.")
    {
        Add(_directory);
        AddAll(_run.All);
        Examples = ["resume out", "resume out --dry-run"];
    }

    protected override ConnectionOptions ReadConnection(ParseResult arguments) =>
        _run.Connect(base.ReadConnection(arguments), arguments);

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var directory = OutputFolder.Existing(arguments.GetValue(_directory)!, IsSandbox(arguments));
        var service = ServiceConnection.Current(Context, IsSandbox(arguments));
        var options = _run.Read(arguments);
        using var program = options.Exec;
        using var journal = _run.IsDryRun(arguments) ? null : JobJournal.Open(directory);
        var index = journal?.Query(index => index) ?? JobJournal.Peek(directory);
        var runs = index.Runs.Where(run => run.Service == service).ToList();
        if (runs.Count == 0)
        {
            throw new UsageException(index.Runs.Count == 0
                ? $"The journal of {directory} contains no runs. Run the original command again."
                : $"The runs into {directory} used {string.Join(" and ", index.Runs.Select(run => run.Service).Distinct())}, "
                    + $"not {service}. Set {LalalAiClientOptions.BaseAddressVariable}, or pass --sandbox, as they did.");
        }

        var unfinished = runs.GroupBy(run => run.Work).Where(work => IsUnfinished(index, work.Key)).ToList();
        if (unfinished.Count == 0)
        {
            Output.Say($"Nothing to resume: all runs into {CellText.ShortPath(directory)} are finished.");
            return ExitCode.Success;
        }

        await using var connection = journal is null
            ? await TryConnectAsync(arguments, cancellationToken)
            : await ConnectAsync(arguments, cancellationToken);
        var code = ExitCode.Success;
        foreach (var work in unfinished)
        {
            var last = work.Last();
            var request = new JobRequest
            {
                Presets = last.Presets,
                Inputs = [.. work.SelectMany(run => run.Inputs).Distinct(StringComparer.Ordinal)],
                Recursive = work.Any(run => run.Recursive),
                ValidatePresets = false,
                Layout = new OutputLayout(last.OutputTemplate ?? OutputLayout.Default, directory),
                Options = options with
                {
                    MaxMinutes = options.MaxMinutes ?? last.MaxMinutes,
                    Delete = options.Delete || last.Delete,
                },
            };
            var inputs = await InputSet.OfRunAsync(request.Inputs, request.Recursive, directory, index, work.Key, cancellationToken);
            code = Math.Max(code, journal is null
                ? await new DryRun(service, Output, request, index).RunAsync(inputs, connection, cancellationToken)
                : await JobRun.RunAsync(connection!, Output, request, journal, inputs, watch: null, cancellationToken));
        }

        return code;
    }

    private static bool IsUnfinished(JobIndex index, int work) =>
        index.FilesOf(work).Any(file => file.Sha256 is null || index.FindJob(work, file.Sha256) is not { IsDone: true });
}
