using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace FolderWorker;

/// <summary>Picks up songs, has some of them split at a time, and puts them where they belong then.</summary>
internal sealed partial class SongWorker(SongSplitter splitter, IOptions<SongOptions> options, TimeProvider timeProvider, ILogger<SongWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _underWay = new();
    private readonly string _inbox = Path.Combine(options.Value.Folder, "inbox");
    private readonly string _working = Path.Combine(options.Value.Folder, "working");
    private readonly string _done = Path.Combine(options.Value.Folder, "done");
    private readonly string _failed = Path.Combine(options.Value.Folder, "failed");

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var folder in new[] { _inbox, _working, _done, _failed })
        {
            Directory.CreateDirectory(folder);
        }

        var limit = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = stoppingToken };
        return Parallel.ForEachAsync(FindJobsAsync(stoppingToken), limit, WorkAsync);
    }

    /// <summary>Yields the folder of each song that is there or comes, beginning with those that an earlier run left.</summary>
    private async IAsyncEnumerable<string> FindJobsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, timeProvider);
        do
        {
            foreach (var song in Directory.GetFiles(_inbox).Where(song => !Path.GetFileName(song).StartsWith('.')))
            {
                Take(song);
            }

            foreach (var job in Directory.GetDirectories(_working).Order(StringComparer.Ordinal).Where(job => _underWay.TryAdd(job, true)))
            {
                yield return job;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Take(string song)
    {
        // The time keeps apart what has the same name.
        var job = Directory.CreateDirectory(Path.Combine(_working, $"{timeProvider.GetUtcNow():yyyyMMdd-HHmmss} {Path.GetFileName(song)}"));
        try
        {
            File.Move(song, Path.Combine(job.FullName, Path.GetFileName(song)));
        }
        catch (IOException exception)
        {
            // Somebody has it open still. It is here again at the next look.
            job.Delete();
            LogNotTaken(exception, song);
        }
    }

    private async ValueTask WorkAsync(string job, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(job);
        try
        {
            await splitter.StartAsync(job, cancellationToken);
            Directory.Move(job, Path.Combine(_done, name));
            LogDone(name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the other songs are not to blame.
            await File.WriteAllTextAsync(Path.Combine(job, "error.txt"), exception.ToString(), CancellationToken.None);
            Directory.Move(job, Path.Combine(_failed, name));
            LogFailed(exception, name);
        }
        finally
        {
            _underWay.TryRemove(job, out _);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Song} is done.")]
    private partial void LogDone(string song);

    [LoggerMessage(2, LogLevel.Error, "{Song} failed.")]
    private partial void LogFailed(Exception exception, string song);

    [LoggerMessage(3, LogLevel.Warning, "{Song} cannot be taken yet.")]
    private partial void LogNotTaken(Exception exception, string song);
}
