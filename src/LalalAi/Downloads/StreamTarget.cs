using System.Net.Http.Headers;

namespace LalalAi.Downloads;

/// <summary>A stream of the caller's. It may be a pipe: what was written stays written.</summary>
internal sealed class StreamTarget(Stream destination) : IDownloadTarget
{
    public long Length { get; private set; }

    public long? Total { get; private set; }

    public EntityTagHeaderValue? Validator { get; private set; }

    public bool CanStartOver => Length == 0;

    public bool Begin(ResponseHead head)
    {
        Total = head.Total ?? (Length == 0 ? null : Total);
        Validator = head.EntityTag ?? (Length == 0 ? null : Validator);
        return true;
    }

    public async Task WriteAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
        Length += count;
    }

    public void Discard()
    {
    }
}
