namespace LalalAi.Sandbox.Audio;

/// <summary>
/// Writes all tracks of a task in one pass over the source, block by block. A track is a copy of the source file with other samples: the
/// header, the length and all chunks without audio are unchanged.
/// </summary>
internal sealed class TrackRenderer
{
    private const int BytesPerBlock = 256 * 1024;

    private readonly PcmLayout _layout;
    private readonly SplitPlan _plan;
    private readonly StemBand[,] _bands;
    private readonly int _framesPerBlock;
    private readonly double[] _samples;
    private readonly double[] _converted;

    // The remainder of a channel's samples after each stem. Some plans have tracks with a remainder.
    private readonly double[][] _remainders;
    private readonly double[][] _stems;

    public TrackRenderer(PcmLayout layout, SplitPlan plan)
    {
        _layout = layout;
        _plan = plan;
        _framesPerBlock = Math.Max(1, BytesPerBlock / layout.BytesPerFrame);
        _samples = new double[_framesPerBlock];
        _converted = new double[_framesPerBlock];
        _stems = [.. plan.Stems.Select(_ => new double[_framesPerBlock])];
        _remainders = [.. plan.Stems.Select(_ => new double[_framesPerBlock]), new double[_framesPerBlock]];
        _bands = new StemBand[plan.Stems.Count, layout.Channels];
        for (var stem = 0; stem < plan.Stems.Count; stem++)
        {
            for (var channel = 0; channel < layout.Channels; channel++)
            {
                _bands[stem, channel] = new StemBand(plan.Stems[stem], layout.SampleRate);
            }
        }
    }

    /// <param name="source">The file to read, from its start.</param>
    /// <param name="tracks">The files to write, in the order of the plan.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public void Render(Stream source, IReadOnlyList<Stream> tracks, CancellationToken cancellationToken)
    {
        source.Position = 0;
        Copy(source, tracks, _layout.DataOffset, cancellationToken);

        var input = new byte[_framesPerBlock * _layout.BytesPerFrame];
        var outputs = tracks.Select(_ => new byte[input.Length]).ToArray();
        for (long frame = 0; frame < _layout.Frames; frame += _framesPerBlock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var frames = (int)Math.Min(_framesPerBlock, _layout.Frames - frame);
            var length = frames * _layout.BytesPerFrame;
            source.ReadExactly(input, 0, length);
            _layout.FixOrder(input.AsSpan(0, length));
            for (var channel = 0; channel < _layout.Channels; channel++)
            {
                RenderChannel(input, outputs, channel, frame, frames);
            }

            for (var track = 0; track < tracks.Count; track++)
            {
                _layout.FixOrder(outputs[track].AsSpan(0, length));
                tracks[track].Write(outputs[track], 0, length);
            }
        }

        Copy(source, tracks, source.Length - source.Position, cancellationToken);
    }

    private static void Copy(Stream source, IReadOnlyList<Stream> tracks, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(length, 80 * 1024)];
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = (int)Math.Min(length, buffer.Length);
            source.ReadExactly(buffer, 0, block);
            foreach (var track in tracks)
            {
                track.Write(buffer, 0, block);
            }

            length -= block;
        }
    }

    private void RenderChannel(byte[] input, byte[][] outputs, int channel, long firstFrame, int frames)
    {
        var format = _layout.Samples;
        var offset = channel * format.Width;
        var samples = _samples.AsSpan(0, frames);
        format.Read(input.AsSpan(offset), _layout.BytesPerFrame, samples);
        Divide(samples, channel);
        for (var track = 0; track < outputs.Length; track++)
        {
            format.Write(outputs[track].AsSpan(offset), _layout.BytesPerFrame, Select(_plan.Tracks[track].Content, samples, firstFrame));
        }
    }

    private void Divide(ReadOnlySpan<double> samples, int channel)
    {
        samples.CopyTo(_remainders[0]);
        for (var stem = 0; stem < _stems.Length; stem++)
        {
            // The same share of the level for each stem. Otherwise, the first stems would leave nothing for the last.
            var taken = _stems[stem].AsSpan(0, samples.Length);
            _bands[stem, channel].Filter(samples, _layout.Samples.FullScale, 1.0 / _stems.Length, taken);
            _remainders[stem].CopyTo(_remainders[stem + 1], 0);
            _layout.Samples.Take(taken, _remainders[stem + 1].AsSpan(0, samples.Length), samples);
        }
    }

    private ReadOnlySpan<double> Select(TrackContent content, ReadOnlySpan<double> samples, long firstFrame)
    {
        switch (content.Kind)
        {
            case TrackContentKind.Stem:
                return _stems[content.Index].AsSpan(0, samples.Length);
            case TrackContentKind.Remainder:
                return _remainders[content.Index].AsSpan(0, samples.Length);
            default:
                var converted = _converted.AsSpan(0, samples.Length);
                RingModulator.Modulate(samples, firstFrame, _layout.SampleRate, _layout.Samples, converted);
                return converted;
        }
    }
}
