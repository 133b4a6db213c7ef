using LalalAi.Http;

namespace LalalAi.Downloads;

/// <summary>The body of an answer, given up when the server sends nothing for too long. The time that the reader takes between two reads does not count.</summary>
internal sealed class WatchedBody(Stream content, LalalAiClientOptions options, CancellationToken cancellationToken) : IDisposable
{
    private InactivityWatch? _watch;

    /// <summary>Whether it was given up.</summary>
    public bool HasExpired { get; private set; }

    public async Task<int> ReadAsync(byte[] buffer, int count)
    {
        var watch = Watch();
#if !NET
        // Reads there do not listen to their token.
        using var registration = watch.Token.Register(content.Dispose);
#endif
        try
        {
            return await content.ReadAsync(buffer, 0, count, watch.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            HasExpired = watch.HasExpired;
            throw;
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        content.Dispose();
    }

    private InactivityWatch Watch()
    {
        if (_watch is { HasExpired: false })
        {
            _watch.Sign();
            return _watch;
        }

        // It expired while the reader was busy, or is the first.
        _watch?.Dispose();
        return _watch = new InactivityWatch(options.TimeProvider, options.InactivityTimeout, cancellationToken);
    }
}
