using System.Collections.Concurrent;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Links;

/// <summary>The tracks of tasks as files. They are computed when the first of a task is asked for: most tests never download any.</summary>
internal sealed class TrackStore(FileStore files, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _renderings = new();

    /// <summary>The path of a track's file, once it is there.</summary>
    public async Task<string> GetAsync(SeparationTask task, int track, CancellationToken cancellationToken)
    {
        if (task.Source.Wave is not { } wave)
        {
            // What cannot be decoded comes back as it was.
            return task.Source.Path;
        }

        var rendering = _renderings.GetOrAdd(task.Id, _ => new Lazy<Task>(() => Task.Run(() => Render(task, wave), stopping)));
        await rendering.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        return files.TrackPath(task.Id, track);
    }

    public void Remove(SeparationTask task)
    {
        if (!_renderings.TryRemove(task.Id, out _))
        {
            return;
        }

        for (var track = 0; track < task.Plan.Tracks.Count; track++)
        {
            FileStore.Delete(files.TrackPath(task.Id, track));
        }
    }

    /// <summary>Waits until nothing is being computed any more, so that the files can go.</summary>
    public async Task WhenIdleAsync()
    {
        foreach (var rendering in _renderings.Values.Where(rendering => rendering.IsValueCreated))
        {
            // How it ended was for the downloads to see.
            await rendering.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Render(SeparationTask task, WaveLayout wave)
    {
        using var source = File.OpenRead(task.Source.Path);
        var tracks = new List<FileStream>();
        try
        {
            for (var track = 0; track < task.Plan.Tracks.Count; track++)
            {
                tracks.Add(File.Create(files.TrackPath(task.Id, track)));
            }

            new TrackRenderer(wave, task.Plan).Render(source, tracks, stopping);
        }
        finally
        {
            tracks.ForEach(track => track.Dispose());
        }
    }
}
