using LalalAi.Generated;
using Spectre.Console;

namespace LalalAi.Cli;

/// <summary>One song from upload to tracks, with a bar for each phase where there is a terminal and a line where there is none.</summary>
internal sealed class SplitJob(ILalalAiClient client, Output output)
{
    public async Task<IReadOnlyList<DownloadedTrack>> RunAsync(FileInfo song, StemSeparatorPresets presets, string directory, CancellationToken cancellationToken)
    {
        if (!song.Exists)
        {
            throw new FileNotFoundException(null, song.FullName);
        }

        if (output.IsPlain || output.IsJson)
        {
            return await RunAsync(song, presets, directory, new PlainPhases(output), cancellationToken).ConfigureAwait(false);
        }

        return await output.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(progress => RunAsync(song, presets, directory, new BarPhases(progress), cancellationToken))
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<DownloadedTrack>> RunAsync(FileInfo song, StemSeparatorPresets presets, string directory, IPhases phases, CancellationToken cancellationToken)
    {
        var source = await client.UploadAsync(song, phases.Begin<TransferProgress>($"Upload {song.Name}", state => state.Fraction), cancellationToken).ConfigureAwait(false);
        phases.End();
        output.Result("uploaded", new { source_id = source.Id.Value, name = source.Name, size = source.Size, duration = source.Duration.TotalSeconds, expires_at = source.ExpiresAt }, null);

        var task = await client.SplitAsync(source.Id, presets, cancellationToken: cancellationToken).ConfigureAwait(false);
        output.Result("started", new { task_id = task.Value, source_id = source.Id.Value }, null);

        var done = await client.WaitAsync(task, phases.Begin<TaskState>($"Split {presets.Stem}", state => state is TaskInProgress running ? running.Percent / 100.0 : 1), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        phases.End();

        var downloads = await client.DownloadAllAsync(done, directory, null, phases.Begin<TransferProgress>("Download", state => state.Fraction), cancellationToken).ConfigureAwait(false);
        phases.End();
        foreach (var file in downloads.Select(download => download.File).OfType<DownloadedTrack>())
        {
            output.Result("downloaded", new { task_id = task.Value, label = file.Track.Label, path = file.Path, size = file.Size }, file.Path);
        }

        return downloads.FirstOrDefault(download => download.Error is not null)?.Error is { } error
            ? throw new LalalAiException($"Not every track was downloaded. {error.Message}", error)
            : [.. downloads.Select(download => download.File!)];
    }
}

/// <summary>Shows the phases of a job, one after another.</summary>
internal interface IPhases
{
    /// <summary>Begins a phase, and returns what tells it how far it is, from 0 to 1.</summary>
    IProgress<T> Begin<T>(string name, Func<T, double?> fraction);

    /// <summary>Ends the phase that was begun last.</summary>
    void End();
}

/// <summary>Calls back on the thread that reports. <see cref="Progress{T}"/> would do so later, and out of order.</summary>
internal sealed class Callback<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}

/// <summary>A line at the beginning and at the end of each phase, for files and pipes.</summary>
internal sealed class PlainPhases(Output output) : IPhases
{
    private string _name = string.Empty;

    public IProgress<T> Begin<T>(string name, Func<T, double?> fraction)
    {
        _name = name;
        output.Say($"{name} …");
        return new Callback<T>(_ => { });
    }

    public void End() => output.Say($"{_name}: done");
}

/// <summary>A bar for each phase, for terminals.</summary>
internal sealed class BarPhases(ProgressContext progress) : IPhases
{
    private ProgressTask? _bar;

    public IProgress<T> Begin<T>(string name, Func<T, double?> fraction)
    {
        var bar = _bar = progress.AddTask(Markup.Escape(name), maxValue: 1);
        return new Callback<T>(state => bar.Value = fraction(state) ?? bar.Value);
    }

    public void End()
    {
        if (_bar is { } bar)
        {
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }
}
