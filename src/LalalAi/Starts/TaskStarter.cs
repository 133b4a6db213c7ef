using LalalAi.Http;

namespace LalalAi.Starts;

/// <summary>Starts tasks: one idempotency key for each logical start, kept over its repetitions, so that nothing is paid for twice.</summary>
internal sealed class TaskStarter(ApiCaller api, LalalAiClientOptions options)
{
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
        var lost = new LostAnswer();
        try
        {
            var task = await api.CallAsync(
                kind.Operation,
                OperationKind.Start,
                options.RequestTimeout,
                lost.Note,
                (raw, attempt) =>
                {
                    attempt.ThrowIfCancellationRequested();
                    lost.Begin();
                    return kind.StartAsync(raw, source, presets, key.ToString(), attempt);
                },
                cancellationToken).ConfigureAwait(false);
            return new TaskId(task) is { IsWellFormed: true } started
                ? started
                : throw new LalalAiAmbiguousStartException($"{kind.Operation}: the service accepted the start, but its answer names no task. {Advice(key)}", source, key, isProbablyRunning: true, lost.Failure ?? new InvalidDataException("There is no task_id in the answer, or it is no UUID."));
        }
        catch (LalalAiApiException exception) when (exception.Code == ApiErrors.IdempotencyKeyUsed)
        {
            // The key is used up by the attempt whose answer was lost, or was so before this call.
            throw lost.Any
                ? new LalalAiAmbiguousStartException($"{kind.Operation}: the task was started, but the answer with its id was lost on the way. {Advice(key)}", source, key, isProbablyRunning: true, exception)
                : new LalalAiIdempotencyKeyUsedException(
                    $"{kind.Operation}: the idempotency key {key} belongs to a task that has begun already. Nothing was started now; wait for that task, or start another with a new key.", exception.Error, key, exception);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && lost.MayHaveStarted())
        {
            throw new StartCanceledException(source, key, exception, cancellationToken);
        }
        catch (Exception exception) when (lost.MayHaveStarted(exception))
        {
            throw new LalalAiAmbiguousStartException($"{kind.Operation}: the answer did not come, so that the task may or may not have been started. {Advice(key)} {exception.Message}", source, key, isProbablyRunning: false, exception);
        }
    }

    /// <summary>Throws when something is missing, or the presets do not go together.</summary>
    public void Check<TPresets>(StartKind<TPresets> kind, SourceId source, TPresets presets)
        where TPresets : class
    {
        CheckPresets(kind, presets);
        if (string.IsNullOrEmpty(source.Value))
        {
            throw new ArgumentException("The source has no id. Take it from SourceFile.Id, which an upload returns.", nameof(source));
        }
    }

    private static string Advice(Guid key) => $"Do not start it with a new key, which could be paid for twice; repeat the call with the idempotency key {key}.";
}
