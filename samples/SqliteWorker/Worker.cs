using System.Runtime.CompilerServices;
using LalalAi;
using Microsoft.Extensions.Options;

namespace SqliteWorker;

/// <summary>Claims jobs and runs each for as long as it holds the lease.</summary>
internal sealed partial class Worker(ILalalAiClient lalal, JobTable table, IOptions<JobOptions> options, ILogger<Worker> logger)
    : BackgroundService
{
    private static readonly StemSeparatorPresets Presets = new() { Stem = Stem.Vocals };

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var limit = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = stoppingToken };
        return Parallel.ForEachAsync(ClaimAsync(stoppingToken), limit, RunAsync);
    }

    private async IAsyncEnumerable<Job> ClaimAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            while (table.Claim() is { } job)
            {
                yield return job;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async ValueTask RunAsync(Job job, CancellationToken stoppingToken)
    {
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewal = RenewAsync(job, lease);
        try
        {
            await SplitAsync(job, lease.Token);
            table.Finish(job, "done");
            LogDone(job.Song);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            table.Release(job);
        }
        catch (Exception exception) when (lease.IsCancellationRequested || IsTransient(exception))
        {
            // Another worker has the job, or the service could not be reached: then any worker resumes it when the lease expires.
            LogPostponed(exception, job.Song);
        }
        catch (Exception exception)
        {
            table.Finish(job, "failed", exception.Message);
            LogFailed(exception, job.Song);
        }
        finally
        {
            await lease.CancelAsync();
            await renewal;
        }
    }

    /// <summary>Renews the lease while the job runs, and cancels the job when the lease is lost.</summary>
    private async Task RenewAsync(Job job, CancellationTokenSource lease)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(lease.Token) && table.Renew(job))
            {
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            await lease.CancelAsync();
        }
    }

    private async Task SplitAsync(Job job, CancellationToken cancellationToken)
    {
        var processOptions = new ProcessOptions
        {
            Host = job,
            ResumeFrom = job.Checkpoint,
            DeleteSource = true,
            // A track can be complete on disk and not yet in the checkpoint, if the process was killed in between.
            Download = new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip },
        };
        var phase = ProcessPhase.Done;
        var progress = new SynchronousProgress<ProcessProgress>(report =>
        {
            if (report.Phase != phase)
            {
                LogPhase(job.Song, phase = report.Phase, report.TaskId);
            }
        });
        var folder = Path.Combine(options.Value.Output, $"{job.Id:0000} {Path.GetFileName(job.Song)}");
        var presets = job.Checkpoint?.Presets ?? Presets;
        var result = await lalal.ProcessAsync(job.Song, presets, folder, processOptions, progress, cancellationToken);
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

    [LoggerMessage(3, LogLevel.Warning, "{Song} is postponed.")]
    private partial void LogPostponed(Exception exception, string song);

    [LoggerMessage(4, LogLevel.Information, "{Song}: {Phase} (task {TaskId})")]
    private partial void LogPhase(string song, ProcessPhase phase, TaskId? taskId);
}
