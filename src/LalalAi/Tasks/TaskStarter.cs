using LalalAi.Http;

namespace LalalAi.Tasks;

/// <summary>Starts tasks. Each start uses one idempotency key for all its attempts, so it is never paid for twice.</summary>
internal sealed class TaskStarter(ApiCaller api, LalalAiClientOptions options)
{
    public async Task<TaskId> StartAsync(
        SourceId sourceId, TaskPresets presets, StartOptions? startOptions, CancellationToken cancellationToken)
    {
        var start = Validate(
            new StartRequest(sourceId, presets, startOptions?.IdempotencyKey), startOptions?.ValidatePresets ?? true, nameof(sourceId));
        return await StartAsync(start, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the start with a key.</summary>
    /// <exception cref="ArgumentException">An argument is missing, or the presets cannot be combined.</exception>
    public static StartRequest Validate(StartRequest start, bool validatePresets, string sourceParameter)
    {
        TaskKind.Validate(start.Presets, validatePresets);

        if (string.IsNullOrEmpty(start.SourceId.Value))
        {
            throw new ArgumentException("The source has no ID. Use SourceFile.Id, which an upload returns.", sourceParameter);
        }

        return start with { IdempotencyKey = start.IdempotencyKey ?? Guid.NewGuid() };
    }

    /// <summary>
    /// Starts one task. Any failure after sending, other than a rejection by the service, becomes an exception with the key.
    /// </summary>
    public async Task<TaskId> StartAsync(StartRequest start, CancellationToken cancellationToken)
    {
        var kind = TaskKind.Of(start.Presets);
        var key = start.IdempotencyKey!.Value;
        var attempts = new StartAttempts();
        string taskId;
        try
        {
            taskId = await api.CallAsync(
                kind.Operation,
                options.RequestTimeout,
                attempts.NoteRetry,
                async (raw, attempt) =>
                {
                    attempt.ThrowIfCancellationRequested();
                    attempts.Begin();
                    return await kind.StartAsync(raw, start, attempt).ConfigureAwait(false) ?? throw StartAttempts.ForeignResponse();
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (LalalAiApiException exception) when (exception.Code == ErrorMapping.IdempotencyKeyUsed)
        {
            // The attempt whose response was lost used the key, or an earlier call did.
            throw attempts.WasAmbiguous
                ? new LalalAiAmbiguousStartException(
                    $"{kind.Operation}: the task was started, but the response with its ID was lost.",
                    start.SourceId,
                    key,
                    isProbablyRunning: true,
                    exception)
                : new LalalAiIdempotencyKeyUsedException(
                    $"{kind.Operation}: the idempotency key {key} belongs to a task that was started before. "
                        + "Nothing was started now. Wait for that task, or start another one with a new key.",
                    exception,
                    key);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested && attempts.MayHaveStarted(exception))
        {
            throw new LalalAiStartCanceledException(start.SourceId, key, exception, cancellationToken);
        }
        catch (Exception exception) when (attempts.MayHaveStarted(exception))
        {
            throw new LalalAiAmbiguousStartException(
                $"{kind.Operation}: the response was lost, so the task may or may not have been started. {exception.Message}",
                start.SourceId,
                key,
                innerException: exception);
        }

        return new TaskId(taskId) is { IsWellFormed: true } started
            ? started
            : throw new LalalAiAmbiguousStartException(
                $"{kind.Operation}: the service accepted the start, but its response contains no valid task ID.",
                start.SourceId,
                key,
                isProbablyRunning: true);
    }
}
