using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LalalAi.Sandbox.Audio;
using LalalAi.Sandbox.Links;
using LalalAi.Sandbox.State;

namespace LalalAi.Sandbox.Dashboard;

/// <summary>The waveform of a source or a track, and the layout of its samples.</summary>
internal sealed record Waveform(int SampleRate, int Channels, long Frames, byte[] Peaks);

/// <summary>
/// Waveforms and samples of sources and tracks, created on request. The page receives uncompressed samples in chunks, so it can play
/// several tracks in sync without loading them completely.
/// </summary>
internal sealed class TrackPreviews(TrackStore tracks)
{
    private const int Columns = 2000;
    private const int MaxFrames = 1 << 20;

    // Garbage-collected together with the task.
    private readonly ConditionalWeakTable<SeparationTask, ConcurrentDictionary<int, Lazy<Task<Waveform>>>> _waveforms = [];

    /// <param name="task">The task.</param>
    /// <param name="track">The index of the track; null for the source.</param>
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
        // Closing a page does not cancel it: another page may wait for the same preview.
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
            throw new MediaException("The file no longer exists.", exception);
        }
    }
}
