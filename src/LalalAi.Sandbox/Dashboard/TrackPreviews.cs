using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The outline of a source or a track, and what a player has to know of its samples.</summary>
internal sealed record Waveform(int SampleRate, int Channels, long Frames, byte[] Peaks);

/// <summary>
/// Shows and plays sources and tracks. Everything is made when it is asked for, whatever the format: a browser gets plain samples, in
/// parts, plays several tracks in step and need not hold any of them.
/// </summary>
internal sealed class TrackPreviews(TrackStore tracks)
{
    private const int Columns = 2000;
    private const int MaxFrames = 1 << 20;

    // Forgotten together with the task.
    private readonly ConditionalWeakTable<SeparationTask, ConcurrentDictionary<int, Lazy<Task<Waveform>>>> _waveforms = [];

    /// <param name="task">The task.</param>
    /// <param name="track">Which of its tracks; null for its source.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public async Task<Waveform> GetAsync(SeparationTask task, int? track, CancellationToken cancellationToken)
    {
        var waveforms = _waveforms.GetOrCreateValue(task);
        var key = track ?? -1;
        var waveform = waveforms.GetOrAdd(key, _ => new Lazy<Task<Waveform>>(() => Task.Run(() => CreateAsync(task, track))));
        try
        {
            return await waveform.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (waveform.Value.IsFaulted)
        {
            waveforms.TryRemove(KeyValuePair.Create(key, waveform));
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

    private async Task<Waveform> CreateAsync(SeparationTask task, int? track)
    {
        // Not canceled by one page that is closed: another may be waiting for the same.
        using var reader = await OpenAsync(task, track, CancellationToken.None).ConfigureAwait(false);
        var layout = reader.Layout;
        return new Waveform(layout.SampleRate, layout.Channels, layout.Frames, reader.ComputePeaks(Columns, CancellationToken.None));
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
