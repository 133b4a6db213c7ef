using LalalAi.Cli.Display;
using LalalAi.Cli.Inputs;
using LalalAi.Cli.Jobs;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Commands;

/// <summary>A command that makes tracks of files. What it does to them is all that one differs by from another.</summary>
internal abstract class JobCommand<TSettings>(Output output) : ServiceCommand<TSettings>(output)
    where TSettings : JobSettings
{
    protected override async Task<int> RunAsync(ServiceConnection connection, TSettings settings, CancellationToken cancellationToken)
    {
        var presets = await PresetsAsync(connection.Client, settings, cancellationToken);
        var request = new JobRequest(presets, [.. settings.Paths.Select(Path.GetFullPath)], settings.Recursive) { ValidatePresets = !settings.Unchecked };
        var directory = Path.GetFullPath(settings.Output);
        var options = settings.ToOptions();
        if (settings.DryRun)
        {
            await request.ValidateAsync(connection.Client);
            var index = JobJournal.Peek(directory);
            var inputs = InputSet.Find(request.Inputs, request.Recursive, directory, index);
            return await new DryRun(connection.Service, Output, options).RunAsync(request, inputs, index, await connection.Client.GetMinutesLeftAsync(cancellationToken), cancellationToken);
        }

        return await JobRun.StartAsync(connection, Output, request, options, directory, cancellationToken);
    }

    /// <summary>What is done to every file.</summary>
    protected abstract Task<TaskPresets> PresetsAsync(ILalalAiClient client, TSettings settings, CancellationToken cancellationToken);
}
