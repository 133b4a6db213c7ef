using LalalAi.Cli.Display;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

/// <summary>A command that makes tracks of files. What it does to them is all that one differs by from another.</summary>
internal abstract class JobCommand<TSettings>(Output output) : ServiceCommand<TSettings>(output)
    where TSettings : JobSettings
{
    protected override async Task<int> RunAsync(ServiceConnection connection, TSettings settings, CancellationToken cancellationToken)
    {
        var recipe = await RecipeAsync(connection.Client, settings, cancellationToken);
        var request = new JobRequest(settings.Unchecked ? recipe.Unchecked() : recipe, [.. settings.Paths.Select(Path.GetFullPath)], settings.Recursive);
        var directory = Path.GetFullPath(settings.Output);
        var options = settings.ToOptions();
        if (settings.DryRun)
        {
            return await new DryRun(connection, Output, options).RunAsync(request, directory, cancellationToken);
        }

        using var journal = JobJournal.Open(directory);
        return await new JobRun(connection, Output, options).RunAsync(request, journal, cancellationToken);
    }

    /// <summary>What is done to every file.</summary>
    protected abstract Task<Recipe> RecipeAsync(ILalalAiClient client, TSettings settings, CancellationToken cancellationToken);
}
