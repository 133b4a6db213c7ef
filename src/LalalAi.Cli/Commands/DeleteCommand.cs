using System.ComponentModel;
using LalalAi.Cli.Display;
using LalalAi.Cli.Journal;
using Spectre.Console.Cli;

namespace LalalAi.Cli.Commands;

internal sealed class DeleteCommand(Output output) : ServiceCommand<DeleteCommand.Settings>(output)
{
    internal sealed class Settings : ServiceSettings
    {
        [CommandArgument(0, "[SOURCE-ID]")]
        [Description("The sources, as uploads returned them.")]
        public string[] Sources { get; init; } = [];

        [CommandOption("--from <DIR>")]
        [Description("The sources that the runs into this output folder uploaded, as far as all of their tracks are on disk.")]
        public string? From { get; init; }
    }

    protected override async Task<int> RunAsync(ServiceConnection connection, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Sources.FirstOrDefault(id => !Guid.TryParse(id, out _)) is { } wrong)
        {
            throw new UsageException($"'{wrong}' is no id of a source. A run with --json writes them as source_id, and --from DIR takes them from an output folder.");
        }

        if (settings.Sources.Length == 0 && settings.From is null)
        {
            throw new UsageException("Which sources? Name their ids, or an output folder with --from DIR.");
        }

        using var journal = settings.From is null ? null : JobJournal.Open(KnownTasks.Existing(settings.From));
        var failed = 0;
        foreach (var source in settings.Sources.Concat(journal is null ? [] : Deletable(journal, connection.Service)))
        {
            failed += await TryDeleteAsync(connection.Client, source, journal, cancellationToken) ? 0 : 1;
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private List<string> Deletable(JobJournal journal, string service)
    {
        var (free, needed) = journal.Query(index =>
        {
            var sources = index.SourcesOf(service).ToLookup(source => index.JobsOf(source.Sha256).All(job => job.IsDone), source => source.Source.Id.Value);
            return (sources[true].ToList(), sources[false].Count());
        });
        if (needed > 0)
        {
            Output.Say($"{needed} sources stay: not all of their tracks are on disk. `lalalai resume {journal.Directory}` fetches them; the ids of the sources delete them all the same.");
        }

        return free;
    }

    private async Task<bool> TryDeleteAsync(ILalalAiClient client, string source, JobJournal? journal, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteSourceAsync(new SourceId(source), cancellationToken);
            journal?.Append(new DeletedEntry(source));
            Output.Result("deleted", new { source_id = source }, $"{source}  deleted");
            return true;
        }
        catch (LalalAiApiException exception) when (exception is not LalalAiAuthenticationException)
        {
            Output.Event("file_failed", new { source_id = source, message = exception.Message, exit_code = ExitCode.Failure });
            Output.Complain(exception.Message);
            return false;
        }
    }
}
