using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Unions;
using Newtonsoft.Json.Linq;

namespace LalalAi.Starts;

/// <summary>Starts tasks: one idempotency key for each logical start, kept over its repetitions, so that nothing is paid for twice.</summary>
internal sealed class TaskStarter(ApiCaller api, LalalAiClientOptions options)
{
    private const int MaximumBatch = 100;

    /// <summary>Throws when the presets do not go together, unless the options switch that off.</summary>
    public void CheckPresets<TPresets>(StartKind<TPresets> kind, TPresets presets)
        where TPresets : class
    {
        if (presets is null)
        {
            throw new ArgumentNullException(nameof(presets));
        }

        if (options.ValidatePresets && kind.Validate(presets) is { } problem)
        {
            throw new ArgumentException(problem, nameof(presets));
        }
    }

    public async Task<TaskId> StartAsync<TPresets>(StartKind<TPresets> kind, SourceId source, TPresets presets, StartOptions? startOptions, CancellationToken cancellationToken)
        where TPresets : class
    {
        Check(kind, source, presets);
        var key = startOptions?.IdempotencyKey ?? Guid.NewGuid();
        Exception? lost = null;
        try
        {
            var task = await api.CallAsync(
                kind.Operation,
                OperationKind.Start,
                options.RequestTimeout,
                failure =>
                {
                    lost = ApiErrors.IsAmbiguous(failure) ? failure : lost;
                    return true;
                },
                (raw, attempt) => kind.StartAsync(raw, source, presets, key.ToString(), attempt),
                cancellationToken).ConfigureAwait(false);
            return !string.IsNullOrEmpty(task)
                ? new TaskId(task)
                : throw new LalalAiAmbiguousStartException($"{kind.Operation}: the service accepted the start, but its answer names no task. {Advice(key)}", source, key, isProbablyRunning: true, lost ?? new InvalidDataException("There is no task_id in the answer."));
        }
        catch (LalalAiApiException exception) when (exception.Code == ApiErrors.IdempotencyKeyUsed)
        {
            // The key is used up by the attempt whose answer was lost, or was so before this call.
            throw lost is not null
                ? new LalalAiAmbiguousStartException($"{kind.Operation}: the task was started, but the answer with its id was lost on the way. {Advice(key)}", source, key, isProbablyRunning: true, exception)
                : new LalalAiIdempotencyKeyUsedException(
                    $"{kind.Operation}: the idempotency key {key} belongs to a task that has begun already. Nothing was started now; wait for that task, or start another with a new key.", exception.Error, key, exception);
        }
        catch (Exception exception) when (ApiErrors.IsAmbiguous(exception))
        {
            throw new LalalAiAmbiguousStartException($"{kind.Operation}: no answer came, so that the task may or may not have been started. {Advice(key)} {exception.Message}", source, key, isProbablyRunning: false, exception);
        }
    }

    public async Task<IReadOnlyList<TaskStart>> StartBatchAsync<TPresets>(StartKind<TPresets> kind, IEnumerable<BatchItem<TPresets>> items, BatchOptions? batchOptions, CancellationToken cancellationToken)
        where TPresets : class
    {
        var all = (items ?? throw new ArgumentNullException(nameof(items))).Select(item => item with { IdempotencyKey = item.IdempotencyKey ?? Guid.NewGuid() }).ToList();
        foreach (var item in all)
        {
            Check(kind, item.Source, item.Presets);
        }

        var results = new List<TaskStart>(all.Count);
        var hasBatches = true;
        foreach (var part in Cut(all))
        {
            var starts = hasBatches ? await StartPartAsync(kind, part, cancellationToken).ConfigureAwait(false) : null;
            hasBatches = starts is not null;
            if (starts is null)
            {
                starts = batchOptions?.FallBackToSingleStarts == false
                    ? [.. part.Select(item => Refused(item, "The plan has no batches."))]
                    : await StartOneByOneAsync(kind, part, cancellationToken).ConfigureAwait(false);
            }

            results.AddRange(starts);
        }

        return results;
    }

    /// <summary>Starts up to 100 items with one request, or returns <see langword="null"/> when the plan has no batches.</summary>
    private async Task<IReadOnlyList<TaskStart>?> StartPartAsync<TPresets>(StartKind<TPresets> kind, IReadOnlyList<BatchItem<TPresets>> part, CancellationToken cancellationToken)
        where TPresets : class
    {
        try
        {
            var response = await api.CallAsync(kind.Operation + "Batch", OperationKind.Start, (raw, attempt) => kind.StartBatchAsync!(raw, part, attempt), cancellationToken).ConfigureAwait(false);
            // An answer with fewer results than items leaves the rest unknown: they may have been started.
            var starts = part.Select((item, index) => UnionReader.ReadTaskStart(item.Source, item.IdempotencyKey!.Value, index < response.Results.Count ? response.Results[index] : null)).ToList();
            return starts.Count > 0 && starts.All(start => start is TaskStartFailed { Code.Value: ApiErrors.BatchNotAvailable }) ? null : starts;
        }
        catch (LalalAiQuotaException exception) when (exception.Code == ApiErrors.BatchNotAvailable)
        {
            return null;
        }
        catch (Exception exception) when (ApiErrors.IsAmbiguous(exception))
        {
            var first = part[0];
            throw new LalalAiAmbiguousStartException(
                $"{kind.Operation}Batch: no answer came, so that the {part.Count} tasks may or may not have been started. Repeat the call with the same idempotency keys in its items. {exception.Message}", first.Source, first.IdempotencyKey!.Value, isProbablyRunning: false, exception);
        }
    }

    private async Task<IReadOnlyList<TaskStart>> StartOneByOneAsync<TPresets>(StartKind<TPresets> kind, IReadOnlyList<BatchItem<TPresets>> part, CancellationToken cancellationToken)
        where TPresets : class
    {
        var starts = new List<TaskStart>(part.Count);
        foreach (var item in part)
        {
            starts.Add(await StartSingleAsync(kind, item, cancellationToken).ConfigureAwait(false));
        }

        return starts;
    }

    private async Task<TaskStart> StartSingleAsync<TPresets>(StartKind<TPresets> kind, BatchItem<TPresets> item, CancellationToken cancellationToken)
        where TPresets : class
    {
        var key = item.IdempotencyKey!.Value;
        try
        {
            var task = await StartAsync(kind, item.Source, item.Presets, new StartOptions { IdempotencyKey = key }, cancellationToken).ConfigureAwait(false);
            return new TaskStarted { Source = item.Source, IdempotencyKey = key, Task = task };
        }
        catch (LalalAiAmbiguousStartException exception)
        {
            return new UnknownTaskStart { Source = item.Source, IdempotencyKey = key, Raw = new JValue(exception.Message) };
        }
        catch (LalalAiApiException exception) when (exception is not LalalAiAuthenticationException)
        {
            return new TaskStartFailed { Source = item.Source, IdempotencyKey = key, Code = new TaskStartErrorCode(exception.Code ?? string.Empty), Error = exception.Message };
        }
    }

    private void Check<TPresets>(StartKind<TPresets> kind, SourceId source, TPresets presets)
        where TPresets : class
    {
        CheckPresets(kind, presets);
        if (string.IsNullOrEmpty(source.Value))
        {
            throw new ArgumentException("The source has no id. Take it from SourceFile.Id, which an upload returns.", nameof(source));
        }
    }

    private static TaskStartFailed Refused<TPresets>(BatchItem<TPresets> item, string error) => new()
    {
        Source = item.Source, IdempotencyKey = item.IdempotencyKey!.Value, Code = TaskStartErrorCode.BatchNotAvaliable, Error = error,
    };

    private static IEnumerable<IReadOnlyList<BatchItem<TPresets>>> Cut<TPresets>(List<BatchItem<TPresets>> items)
    {
        for (var start = 0; start < items.Count; start += MaximumBatch)
        {
            yield return items.GetRange(start, Math.Min(MaximumBatch, items.Count - start));
        }
    }

    private static string Advice(Guid key) => $"Do not start it with a new key, which could be paid for twice; repeat the call with the idempotency key {key}.";
}
