using System.CommandLine;
using LalalAi.Cli.Connection;
using LalalAi.Cli.Display;
using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;
using LalalAi.Cli.Parsing;

namespace LalalAi.Cli.Commands;

internal sealed class DeleteCommand : ServiceCommand
{
    private readonly Argument<string[]> _sources = new("source")
    {
        HelpName = "SOURCE-ID...",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The sources, by the IDs that their uploads returned.",
    };

    private readonly CliOption<string?> _from =
        CliOption.Text(
            OptionGroup.What,
            "--from",
            "DIR",
            "The sources that runs uploaded for this output folder, if all of their tracks are on disk.");

    public DeleteCommand(Output output, ProgramContext context)
        : base(output, context, "delete", "Delete uploaded files, and their tracks, from the service.")
    {
        Add(_sources);
        Add(_from);
        Examples = ["delete --from out"];
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var passed = arguments.GetValue(_sources)!;
        if (passed.FirstOrDefault(id => !Guid.TryParse(id, out _)) is { } wrong)
        {
            throw new UsageException(
                $"'{wrong}' is not a source ID. "
                    + "A run with --json writes them as source_id, and --from DIR takes them from an output folder.");
        }

        if (passed.Length == 0 && arguments.GetValue(_from) is null)
        {
            throw new UsageException("No sources given. Pass source IDs, or --from DIR.");
        }

        using var journal = arguments.GetValue(_from) is { } directory
            ? JobJournal.Open(OutputFolder.Existing(directory, IsSandbox(arguments)))
            : null;
        await using var connection = await ConnectAsync(arguments, cancellationToken);
        var sources = passed.Select(id => (Id: new SourceId(id).Value, File: (string?)null))
            .Concat(journal is null ? [] : Deletable(journal, connection.Service))
            .DistinctBy(source => source.Id)
            .ToList();
        var failed = 0;
        foreach (var (id, file) in sources)
        {
            failed += await TryDeleteAsync(connection.Client, id, file, journal, cancellationToken) ? 0 : 1;
        }

        if (sources.Count == 0)
        {
            Output.Say("Nothing to delete.");
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private List<(string Id, string? File)> Deletable(JobJournal journal, string service)
    {
        var sources = journal.Query(index => index.SourcesOf(service)
            .Select(source => (Jobs: index.JobsOf(source.Sha256), source.Source))
            .ToLookup(
                entry => entry.Jobs.All(job => job.IsDone),
                entry => (entry.Source.Id.Value, entry.Jobs.Select(job => job.Input).FirstOrDefault())));
        if (sources[false].Any())
        {
            var kept = CellText.Count(sources[false].Count(), "source");
            Output.Say($"Kept {kept} whose tracks are not all on disk. To delete them anyway, pass their IDs.");
        }

        return [.. sources[true]];
    }

    private async Task<bool> TryDeleteAsync(
        ILalalAiClient client,
        string source,
        string? file,
        JobJournal? journal,
        CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteSourceAsync(new SourceId(source), cancellationToken);
            journal?.Append(new DeletedEntry(source));
            Output.Result(
                "deleted",
                new { source_id = source, file },
                $"{source}  deleted{(file is null ? string.Empty : $"  {CellText.Printable(Path.GetFileName(file))}")}");
            return true;
        }
        catch (LalalAiApiException exception) when (exception is not LalalAiAuthenticationException)
        {
            var message = Failure.Describe(exception);
            Output.Event("file_failed", new { source_id = source, message, code = exception.Code, exit_code = ExitCode.Failure });
            Output.Complain(message);
            return false;
        }
    }
}
