using LalalAi.Generated;
using LalalAi.Http;
using LalalAi.Unions;
using Newtonsoft.Json.Linq;

namespace LalalAi.Starts;

/// <summary>
/// Starts any number of tasks in as few requests as the service takes. Once something was or may have been started, failures become results: an exception would take the ids and keys
/// of what runs with it.
/// </summary>
internal sealed class BatchStarter(ApiCaller api, TaskStarter single)
{
    private const int MaximumBatch = 100;

    public async Task<IReadOnlyList<TaskStart>> StartAsync<TPresets>(StartKind<TPresets> kind, IEnumerable<BatchItem<TPresets>> items, BatchOptions? batchOptions, CancellationToken cancellationToken)
        where TPresets : class
    {
        var all = (items ?? throw new ArgumentNullException(nameof(items))).Select(item => item with { IdempotencyKey = item.IdempotencyKey ?? Guid.NewGuid() }).ToList();
        foreach (var item in all)
        {
            single.Check(kind, item.Source, item.Presets);
        }

        var results = new List<TaskStart>(all.Count);
        IReadOnlyList<BatchItem<TPresets>> underWay = [];
        try
        {
            var hasBatches = true;
            foreach (var part in Cut(all))
            {
                cancellationToken.ThrowIfCancellationRequested();
                underWay = part;
                var starts = hasBatches ? await StartPartAsync(kind, part, MayThrow(results), cancellationToken).ConfigureAwait(false) : null;
                underWay = [];
                hasBatches = starts is not null;
                if (starts is not null)
                {
                    results.AddRange(starts);
                }
                else if (batchOptions?.FallBackToSingleStarts == false)
                {
                    results.AddRange(part.Select(item => Failed(item, TaskStartErrorCode.BatchNotAvaliable, "The plan has no batches.")));
                }
                else
                {
                    foreach (var item in part)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        underWay = [item];
                        results.Add(await StartSingleAsync(kind, item, MayThrow(results), cancellationToken).ConfigureAwait(false));
                        underWay = [];
                    }
                }
            }
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && results.Count + underWay.Count > 0)
        {
            results.AddRange(underWay.Select(item => Unknown(item, "The batch was cancelled before its answer came.")));
            throw new BatchCanceledException(results, exception, cancellationToken);
        }

        return results;
    }

    private static bool MayThrow(List<TaskStart> results) => results.TrueForAll(start => start is TaskStartFailed);

    /// <summary>Starts up to 100 items with one request, or returns <see langword="null"/> when the plan has no batches.</summary>
    private async Task<IReadOnlyList<TaskStart>?> StartPartAsync<TPresets>(StartKind<TPresets> kind, IReadOnlyList<BatchItem<TPresets>> part, bool mayThrow, CancellationToken cancellationToken)
        where TPresets : class
    {
        var lost = new LostAnswer();
        try
        {
            var response = await api.CallAsync(
                kind.Operation + "Batch", OperationKind.Start, api.RequestTimeout, lost.Note, (raw, attempt) => kind.StartBatchAsync!(raw, part, attempt), cancellationToken).ConfigureAwait(false);
            // An answer with fewer results than items leaves the rest unknown: they may have been started.
            var starts = part.Select((item, index) => Read(item, index < response.Results.Count ? response.Results[index] : null, lost)).ToList();
            return starts.TrueForAll(start => start is TaskStartFailed { Code.Value: ApiErrors.BatchNotAvailable }) ? null : starts;
        }
        catch (LalalAiQuotaException exception) when (exception.Code == ApiErrors.BatchNotAvailable)
        {
            return null;
        }
        catch (Exception exception) when (lost.MayHaveStarted(exception) || IsUnforeseen(exception, mayThrow, cancellationToken))
        {
            return [.. part.Select(item => Unknown(item, $"{kind.Operation}Batch: the answer did not come, so that the task may or may not have been started. {exception.Message}"))];
        }
        catch (LalalAiApiException exception) when (!mayThrow)
        {
            return [.. part.Select(item => Failed(item, new TaskStartErrorCode(exception.Code ?? string.Empty), exception.Message))];
        }
    }

    private static TaskStart Read<TPresets>(BatchItem<TPresets> item, JToken? raw, LostAnswer lost) =>
        UnionReader.ReadTaskStart(item.Source, item.IdempotencyKey!.Value, raw) switch
        {
            // The key is used up by the attempt whose answer was lost: the task runs, and its id is not known.
            TaskStartFailed { Code.Value: ApiErrors.IdempotencyKeyUsed } failed when lost.Any => new UnknownTaskStart { Source = item.Source, IdempotencyKey = failed.IdempotencyKey, Raw = failed.Raw },
            var start => start,
        };

    private async Task<TaskStart> StartSingleAsync<TPresets>(StartKind<TPresets> kind, BatchItem<TPresets> item, bool mayThrow, CancellationToken cancellationToken)
        where TPresets : class
    {
        var key = item.IdempotencyKey!.Value;
        try
        {
            var task = await single.StartAsync(kind, item.Source, item.Presets, new StartOptions { IdempotencyKey = key }, cancellationToken).ConfigureAwait(false);
            return new TaskStarted { Source = item.Source, IdempotencyKey = key, Task = task };
        }
        catch (Exception exception) when (exception is LalalAiAmbiguousStartException || IsUnforeseen(exception, mayThrow, cancellationToken))
        {
            return Unknown(item, exception.Message);
        }
        catch (LalalAiApiException exception) when (!mayThrow || exception is not LalalAiAuthenticationException)
        {
            return Failed(item, new TaskStartErrorCode(exception.Code ?? string.Empty), exception.Message);
        }
    }

    /// <summary>Whether a failure is neither the service's answer nor the caller's cancellation, while there is something to lose: a handler of the caller's, for example.</summary>
    private static bool IsUnforeseen(Exception exception, bool mayThrow, CancellationToken cancellationToken) =>
        !mayThrow && exception is not LalalAiApiException && !cancellationToken.IsCancellationRequested;

    private static TaskStartFailed Failed<TPresets>(BatchItem<TPresets> item, TaskStartErrorCode code, string error) =>
        new() { Source = item.Source, IdempotencyKey = item.IdempotencyKey!.Value, Code = code, Error = error };

    private static UnknownTaskStart Unknown<TPresets>(BatchItem<TPresets> item, string message) =>
        new() { Source = item.Source, IdempotencyKey = item.IdempotencyKey!.Value, Raw = new JValue(message) };

    private static IEnumerable<IReadOnlyList<BatchItem<TPresets>>> Cut<TPresets>(List<BatchItem<TPresets>> items)
    {
        for (var start = 0; start < items.Count; start += MaximumBatch)
        {
            yield return items.GetRange(start, Math.Min(MaximumBatch, items.Count - start));
        }
    }
}
