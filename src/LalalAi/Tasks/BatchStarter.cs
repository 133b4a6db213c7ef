using LalalAi.Http;
using LalalAi.Models;

namespace LalalAi.Tasks;

/// <summary>
/// Starts any number of tasks in as few requests as possible. Once a task may have been started, failures become results, because
/// an exception would lose the IDs and keys of the other starts.
/// </summary>
internal sealed class BatchStarter(ApiCaller api, TaskStarter starter, LalalAiClientOptions options)
{
    private const int MaximumBatch = 100;

    public async Task<IReadOnlyList<StartResult>> StartAsync(
        IEnumerable<StartRequest> requests, BatchOptions? batchOptions, CancellationToken cancellationToken)
    {
        var starts = (requests ?? throw new ArgumentNullException(nameof(requests)))
            .Select(start => start ?? throw new ArgumentException("A start is null.", nameof(requests)))
            .Select(start => TaskStarter.Validate(start, batchOptions?.ValidatePresets ?? true, nameof(requests)))
            .ToList();
        var results = new StartResult?[starts.Count];
        try
        {
            var items = starts.Select((start, index) => (Start: start, Index: index));
            foreach (var kind in items.GroupBy(item => TaskKind.Of(item.Start.Presets)))
            {
                await StartKindAsync(kind.Key, [.. kind], results, batchOptions, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && results.Any(result => result is not null))
        {
            throw new LalalAiBatchCanceledException([.. results.OfType<StartResult>()], exception, cancellationToken);
        }

        return results!;
    }

    private async Task StartKindAsync(
        TaskKind kind,
        IReadOnlyList<(StartRequest Start, int Index)> items,
        StartResult?[] results,
        BatchOptions? batchOptions,
        CancellationToken cancellationToken)
    {
        var hasBatches = kind.StartBatchAsync is not null;
        for (var offset = 0; offset < items.Count; offset += MaximumBatch)
        {
            (StartRequest Start, int Index)[] part = [.. items.Skip(offset).Take(MaximumBatch)];
            cancellationToken.ThrowIfCancellationRequested();
            hasBatches = hasBatches && await TryStartPartAsync(kind, part, results, cancellationToken).ConfigureAwait(false);
            if (hasBatches)
            {
                continue;
            }

            if (kind.StartBatchAsync is not null && batchOptions?.FallBackToSingleStarts == false)
            {
                Fill(part, results, start => Failed(start, StartErrorCode.BatchNotAvaliable, "The plan does not include batches."));
                continue;
            }

            foreach (var item in part)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await StartSingleAsync(item.Start, item.Index, results, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts up to 100 tasks with one request.</summary>
    /// <returns><see langword="false"/> if the plan does not include batches; nothing was started then.</returns>
    private async Task<bool> TryStartPartAsync(
        TaskKind kind, (StartRequest Start, int Index)[] part, StartResult?[] results, CancellationToken cancellationToken)
    {
        var attempts = new StartAttempts();
        StartRequest[] starts = [.. part.Select(item => item.Start)];
        try
        {
            var items = await api.CallAsync(
                kind.Operation + "Batch",
                options.RequestTimeout,
                attempts.NoteRetry,
                async (raw, attempt) =>
                {
                    attempt.ThrowIfCancellationRequested();
                    attempts.Begin();
                    var response = await kind.StartBatchAsync!(raw, starts, attempt).ConfigureAwait(false);
                    return response.Results is { Count: > 0 } found ? found : throw StartAttempts.ForeignResponse();
                },
                cancellationToken).ConfigureAwait(false);
            StartResult[] read = [.. starts.Select((start, index) => Read(start, items.ElementAtOrDefault(index), attempts))];
            if (read.All(result => result is StartFailed { Code.Value: ErrorMapping.BatchNotAvailable }))
            {
                return false;
            }

            for (var position = 0; position < part.Length; position++)
            {
                results[part[position].Index] = read[position];
            }
        }
        catch (LalalAiQuotaException exception) when (exception.Code == ErrorMapping.BatchNotAvailable && !attempts.WasAmbiguous)
        {
            return false;
        }
        catch (Exception exception) when (attempts.MayHaveStarted(exception))
        {
            var error = $"{kind.Operation}Batch: the response was lost, so the task may or may not have been started. {exception.Message}";
            Fill(part, results, start => Ambiguous(start, error));
            if (exception is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (MayHaveStarted(results) && !cancellationToken.IsCancellationRequested)
        {
            Fill(part, results, start => Failed(start, exception));
        }

        return true;
    }

    private async Task StartSingleAsync(StartRequest start, int index, StartResult?[] results, CancellationToken cancellationToken)
    {
        try
        {
            var taskId = await starter.StartAsync(start, cancellationToken).ConfigureAwait(false);
            results[index] = new StartSucceeded
            {
                SourceId = start.SourceId,
                IdempotencyKey = start.IdempotencyKey!.Value,
                TaskId = taskId,
            };
        }
        catch (LalalAiAmbiguousStartException exception)
        {
            results[index] = Ambiguous(start, exception.Message, exception.IsProbablyRunning);
        }
        catch (LalalAiStartCanceledException exception)
        {
            results[index] = Ambiguous(start, exception.Message);
            throw;
        }
        catch (LalalAiApiException exception) when (exception is not LalalAiAuthenticationException || MayHaveStarted(results))
        {
            results[index] = Failed(start, exception);
        }
        catch (Exception exception) when (MayHaveStarted(results) && !cancellationToken.IsCancellationRequested)
        {
            results[index] = Failed(start, exception);
        }
    }

    private static StartResult Read(StartRequest start, Newtonsoft.Json.Linq.JToken? raw, StartAttempts attempts) =>
        UnionReader.ReadStartResult(start.SourceId, start.IdempotencyKey!.Value, raw) switch
        {
            // The attempt whose response was lost used the key.
            StartFailed { Code.Value: ErrorMapping.IdempotencyKeyUsed } when attempts.WasAmbiguous =>
                Ambiguous(start, "The task was started, but the response with its ID was lost.", isProbablyRunning: true),
            var result => result,
        };

    private static bool MayHaveStarted(StartResult?[] results) =>
        Array.Exists(results, result => result is StartSucceeded or StartAmbiguous);

    private static void Fill((StartRequest Start, int Index)[] part, StartResult?[] results, Func<StartRequest, StartResult> create)
    {
        foreach (var (start, index) in part)
        {
            results[index] = create(start);
        }
    }

    private static StartFailed Failed(StartRequest start, Exception exception) =>
        Failed(start, new StartErrorCode((exception as LalalAiApiException)?.Code ?? string.Empty), exception.Message);

    private static StartFailed Failed(StartRequest start, StartErrorCode code, string error) =>
        new() { SourceId = start.SourceId, IdempotencyKey = start.IdempotencyKey!.Value, Code = code, Error = error };

    private static StartAmbiguous Ambiguous(StartRequest start, string error, bool isProbablyRunning = false) => new()
    {
        SourceId = start.SourceId,
        IdempotencyKey = start.IdempotencyKey!.Value,
        Error = error,
        IsProbablyRunning = isProbablyRunning,
    };
}
