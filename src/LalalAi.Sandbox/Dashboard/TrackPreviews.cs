using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The outline of a source or a track, and what a player has to know of its samples.</summary>
internal sealed record TrackPreview(int SampleRate, int Channels, long Frames, byte[] Peaks);

/// <summary>
/// Shows and plays sources and tracks. Everything is made when it is asked for, whatever the format: a browser gets plain samples, in
/// parts, plays several tracks in step and need not hold any of them.
/// </summary>
internal sealed class TrackPreviews(TrackStore tracks)
{
    private const int Columns = 2000;
    private const int MaxFrames = 1 << 20;

    // Forgotten together with the task.
    private readonly ConditionalWeakTable<SeparationTask, ConcurrentDictionary<int, Lazy<Task<TrackPreview>>>> _previews = [];

    /// <param name="task">The task.</param>
    /// <param name="track">Which of its tracks; null for its source.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public async Task<TrackPreview> GetAsync(SeparationTask task, int? track, CancellationToken cancellationToken)
    {
        var previews = _previews.GetOrCreateValue(task);
        var key = track ?? -1;
        var preview = previews.GetOrAdd(key, _ => new Lazy<Task<TrackPreview>>(() => Task.Run(() => CreateAsync(task, track))));
        try
        {
            return await preview.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (preview.Value.IsFaulted)
        {
            previews.TryRemove(KeyValuePair.Create(key, preview));
            throw;
        }
    }

    /// <summary>Frames as interleaved little-endian integers of 16 bits.</summary>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public async Task<byte[]> ReadAsync(SeparationTask task, int? track, long first, int count, CancellationToken cancellationToken)
    {
        using var reader = await OpenAsync(task, track, cancellationToken).ConfigureAwait(false);
        return reader.ReadInt16(first, Math.Min(count, MaxFrames));
    }

    private async Task<TrackPreview> CreateAsync(SeparationTask task, int? track)
    {
        // Not canceled by one page that is closed: another may be waiting for the same.
        using var reader = await OpenAsync(task, track, CancellationToken.None).ConfigureAwait(false);
        var layout = reader.Layout;
        return new TrackPreview(layout.SampleRate, layout.Channels, layout.Frames, reader.ComputePeaks(Columns, CancellationToken.None));
    }

    private async Task<PcmReader> OpenAsync(SeparationTask task, int? track, CancellationToken cancellationToken)
    {
        try
        {
            return PcmReader.Open(track is { } index
                ? await tracks.DecodeTrackAsync(task, index, cancellationToken).ConfigureAwait(false)
                : await tracks.DecodeSourceAsync(task, cancellationToken).ConfigureAwait(false));
        }
        catch (IOException exception)
        {
            throw new MediaException("The file is no longer there.", exception);
        }
    }
}
