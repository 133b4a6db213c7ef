namespace LalalAi.Cli.Jobs;

/// <summary>The downloads of one file's tracks as one.</summary>
internal sealed class TransferSum(int parts, Action<TransferProgress> report)
{
    private readonly TransferProgress[] _parts = new TransferProgress[parts];

    public IProgress<TransferProgress> Part(int index) => new Relay<TransferProgress>(transfer =>
    {
        lock (_parts)
        {
            _parts[index] = transfer;
            // Tracks of a task are of one length; those that have not begun are taken to be as long as the others.
            var known = _parts.Where(part => part.TotalBytes is not null).Select(part => part.TotalBytes!.Value).DefaultIfEmpty().Average();
            var moving = _parts.Where(part => part.BytesTransferred < part.TotalBytes).Sum(part => part.BytesPerSecond);
            report(new TransferProgress(_parts.Sum(part => part.BytesTransferred), (long)(known * _parts.Length), moving));
        }
    });
}
