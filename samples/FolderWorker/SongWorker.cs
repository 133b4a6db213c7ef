using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LalalAi;
using Microsoft.Extensions.Options;

namespace FolderWorker;

/// <summary>The folder with the songs, and how many of them are processed at the same time.</summary>
internal sealed class SongOptions
{
    public string Folder { get; set; } = "songs";

    public int Parallel { get; set; } = 4;
}

/// <summary>Takes songs from the inbox, splits them, and files them under done or failed.</summary>
internal sealed partial class SongWorker(ILalalAiClient lalal, IOptions<SongOptions> options, ILogger<SongWorker> logger)
    : BackgroundService
{
    private static readonly StemSeparatorPresets Presets = new() { Stem = Stem.Vocals };

    private readonly ConcurrentDictionary<string, bool> _inProgress = new();
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
        return Parallel.ForEachAsync(FindJobsAsync(stoppingToken), limit, RunAsync);
    }

    /// <summary>Yields the folder of each job, first those that an earlier run left.</summary>
    private async IAsyncEnumerable<string> FindJobsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            foreach (var song in Directory.GetFiles(_inbox).Where(song => !Path.GetFileName(song).StartsWith('.')))
            {
                Take(song);
            }

            var jobs = Directory.GetDirectories(_working).Order(StringComparer.Ordinal);
            foreach (var job in jobs.Where(job => _inProgress.TryAdd(job, true)))
            {
                yield return job;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Take(string song)
    {
        // The time keeps songs of the same name apart.
        var name = $"{DateTimeOffset.UtcNow:yyyyMMdd-HHmmssfff} {Path.GetFileName(song)}";
        var job = Directory.CreateDirectory(Path.Combine(_working, name));
        try
        {
            File.Move(song, Path.Combine(job.FullName, Path.GetFileName(song)));
        }
        catch (IOException exception)
        {
            // Another program is still writing the file. It is tried again with the next look at the inbox.
            job.Delete();
            LogNotTaken(exception, song);
        }
    }

    private async ValueTask RunAsync(string job, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(job);
        try
        {
            await SplitAsync(job, cancellationToken);
            Directory.Move(job, Path.Combine(_done, name));
            LogDone(name);
        }
        catch (Exception exception) when (IsTransient(exception))
        {
            // The folder stays in working, and the job is resumed with the next look.
            LogPostponed(exception, name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await File.WriteAllTextAsync(Path.Combine(job, "error.txt"), exception.ToString(), CancellationToken.None);
            Directory.Move(job, Path.Combine(_failed, name));
            LogFailed(exception, name);
        }
        finally
        {
            _inProgress.TryRemove(job, out _);
        }
    }

    private async Task SplitAsync(string job, CancellationToken cancellationToken)
    {
        var file = new JobFile(Path.Combine(job, ".job.json"));
        var checkpoint = file.Load();
        var song = Directory.GetFiles(job).Single(path => Path.GetFileName(path) is not ("error.txt" or ['.', ..]));
        var options = new ProcessOptions
        {
            Host = file,
            ResumeFrom = checkpoint,
            DeleteSource = true,
            // A track can be complete on disk and not yet in the checkpoint, if the process was killed in between.
            Download = new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip },
        };
        var phase = ProcessPhase.Done;
        var progress = new SynchronousProgress<ProcessProgress>(report =>
        {
            if (report.Phase != phase)
            {
                LogPhase(Path.GetFileName(song), phase = report.Phase, report.TaskId);
            }
        });
        var presets = checkpoint?.Presets ?? Presets;
        var result = await lalal.ProcessAsync(song, presets, Path.Combine(job, "tracks"), options, progress, cancellationToken);
        if (!result.IsComplete)
        {
            var errors = result.Tracks.Select(track => track.Error).OfType<Exception>();
            throw new AggregateException("Not every track could be downloaded.", errors);
        }
    }

    // The service could not be reached, and retries did not help. A start without a response is retried with the key that was stored.
    private static bool IsTransient(Exception exception) => exception
        is LalalAiConnectionException
        or LalalAiAmbiguousStartException { IsProbablyRunning: false }
        or TimeoutException
        or { InnerException: TimeoutException };

    [LoggerMessage(1, LogLevel.Information, "{Song} is done.")]
    private partial void LogDone(string song);

    [LoggerMessage(2, LogLevel.Error, "{Song} failed.")]
    private partial void LogFailed(Exception exception, string song);

    [LoggerMessage(3, LogLevel.Warning, "{Song} cannot be moved yet.")]
    private partial void LogNotTaken(Exception exception, string song);

    [LoggerMessage(4, LogLevel.Warning, "{Song} is postponed.")]
    private partial void LogPostponed(Exception exception, string song);

    [LoggerMessage(5, LogLevel.Information, "{Song}: {Phase} (task {TaskId})")]
    private partial void LogPhase(string song, ProcessPhase phase, TaskId? taskId);
}
