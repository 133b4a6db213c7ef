using LalalAi;

namespace FolderWorker;

/// <summary>Splits the song in a folder. Each step is recorded as soon as it is done, so that the song goes on where it was when the process ends in between.</summary>
internal sealed partial class SongSplitter(ILalalAiClient lalal, ILogger<SongSplitter> logger)
{
    private static readonly StemSeparatorPresets Presets = new() { Stem = Stem.Vocals };

    public async Task StartAsync(string job, CancellationToken cancellationToken)
    {
        var song = Directory.GetFiles(job).Single(file => Path.GetFileName(file) is not "error.txt" and not ['.', ..]);
        var record = JobRecord.Load(job);
        if (record.Source is null)
        {
            var source = await lalal.UploadAsync(song, cancellationToken: cancellationToken);
            record = record with { Source = source.Id.Value };
            record.Save(job);
        }

        if (record.Task is null)
        {
            // With the key that was saved before: repeated after a crash, it does not pay twice. Not cancelled, because the answer of a start that was sent is the id that was paid for.
            var start = new StartOptions { IdempotencyKey = record.IdempotencyKey };
            var task = await lalal.StartAsync(new SourceId(record.Source), Presets, start, CancellationToken.None);
            record = record with { Task = task.Value };
            record.Save(job);
            LogStarted(Path.GetFileName(song), task.Value);
        }

        var done = await lalal.WaitAsync(new TaskId(record.Task), cancellationToken: cancellationToken);
        var tracks = await lalal.DownloadAllAsync(done, Path.Combine(job, "tracks"), new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip }, cancellationToken: cancellationToken);
        if (tracks.Select(track => track.Error).OfType<Exception>().ToList() is { Count: > 0 } errors)
        {
            throw new AggregateException("Not every track could be downloaded.", errors);
        }

        await DeleteAsync(new SourceId(record.Source), cancellationToken);
    }

    private async Task DeleteAsync(SourceId source, CancellationToken cancellationToken)
    {
        try
        {
            await lalal.DeleteSourceAsync(source, cancellationToken);
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException)
        {
            // The tracks are there, and the source expires by itself.
            LogNotDeleted(exception, source.Value);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Song} is task {Task}.")]
    private partial void LogStarted(string song, string task);

    [LoggerMessage(2, LogLevel.Warning, "Source {Source} could not be deleted.")]
    private partial void LogNotDeleted(Exception exception, string source);
}
