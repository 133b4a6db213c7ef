using LalalAi.Generated;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LalalAi.Http;

/// <summary>
/// Calls operations of the raw client: with a time-out for each attempt, repetition by what a repetition costs, and errors as this library's exceptions.
/// </summary>
internal sealed class ApiCaller
{
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromSeconds(30);

    private readonly HttpClients _clients;
    private readonly LalalAiClientOptions _options;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retries;

    public ApiCaller(HttpClients clients, LalalAiClientOptions options, ILogger logger)
    {
        _clients = clients;
        _options = options;
        _logger = logger;
        _retries = BuildRetries(options);
    }

    /// <summary>The raw client, over the same connections and with the key, but with none of what this class adds.</summary>
    public LalalAiApiClient Raw => new LalalAiApiClient(_clients.Api);

    /// <summary>Calls an operation that can be repeated as it is.</summary>
    public Task<T> CallAsync<T>(string operation, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(operation, _options.RequestTimeout, _ => true, call, cancellationToken);

    /// <summary>Calls an operation.</summary>
    /// <param name="operation">The operation's name in the contract, for telemetry.</param>
    /// <param name="attemptTimeout">How long one attempt may take, or an infinite time when the call watches itself.</param>
    /// <param name="canRepeat">Asked after each failure that could be repeated; may prepare the repetition.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Cancels the call, its waits included.</param>
    public async Task<T> CallAsync<T>(
        string operation,
        TimeSpan attemptTimeout,
        Func<Exception, bool> canRepeat,
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        using var activity = LalalAiTelemetry.StartOperation(operation);
        var started = _options.TimeProvider.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        var state = new CallState(operation, canRepeat);
        context.Properties.Set(CallState.Key, state);
        try
        {
            var outcome = await _retries.ExecuteOutcomeAsync(
                static (attempt, work) => work.Caller.TryAsync(work.Operation, work.Timeout, work.Call, attempt.CancellationToken),
                context,
                (Caller: this, Operation: operation, Timeout: attemptTimeout, Call: call)).ConfigureAwait(false);
            var result = ResultOf(outcome);
            LalalAiTelemetry.RecordOperation(activity, operation, null, state.Repetitions, _options.TimeProvider.GetElapsedTime(started));
            return result;
        }
        catch (Exception exception)
        {
            LalalAiTelemetry.RecordOperation(activity, operation, exception, state.Repetitions, _options.TimeProvider.GetElapsedTime(started));
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Calls an operation of the caller's choice.</summary>
    public Task<T> SendAsync<T>(Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CallOptions callOptions, CancellationToken cancellationToken)
    {
        var retries = callOptions.MaxRetries;
        return CallAsync(callOptions.Operation, callOptions.Timeout ?? _options.RequestTimeout, _ => retries-- > 0, call, cancellationToken);
    }

    /// <summary>Calls an operation without repetition, for callers that have a back-off of their own.</summary>
    public async Task<T> CallOnceAsync<T>(string operation, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var activity = LalalAiTelemetry.StartOperation(operation);
        var started = _options.TimeProvider.GetTimestamp();
        try
        {
            var result = await AttemptAsync(operation, _options.RequestTimeout, call, cancellationToken).ConfigureAwait(false);
            LalalAiTelemetry.RecordOperation(activity, operation, null, 0, _options.TimeProvider.GetElapsedTime(started));
            return result;
        }
        catch (Exception exception)
        {
            LalalAiTelemetry.RecordOperation(activity, operation, exception, 0, _options.TimeProvider.GetElapsedTime(started));
            throw;
        }
    }

    /// <summary>Makes one attempt: with a time-out and with errors as this library's exceptions, but neither repeated nor measured.</summary>
    public async Task<T> AttemptAsync<T>(string operation, TimeSpan timeout, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        ResultOf(await TryAsync(operation, timeout, call, cancellationToken).ConfigureAwait(false));

    private static T ResultOf<T>(Outcome<T> outcome)
    {
        outcome.ThrowIfException();
        return outcome.Result!;
    }

    private async ValueTask<Outcome<T>> TryAsync<T>(string operation, TimeSpan timeout, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = _options.TimeProvider.CreateCancellationTokenSource(timeout);
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken) : null;
        try
        {
            return Outcome.FromResult(await call(Raw, (linked ?? limit).Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<T>(Translate(operation, exception, limit.IsCancellationRequested ? timeout : null, cancellationToken));
        }
    }

    /// <summary>The library's exception for what an attempt has thrown; that itself where it is the caller's own.</summary>
    private Exception Translate(string operation, Exception exception, TimeSpan? timedOutAfter, CancellationToken cancellationToken) => exception switch
    {
        ApiException error => ApiErrors.Translate(operation, error, _options.TimeProvider.GetUtcNow()),
        OperationCanceledException when !cancellationToken.IsCancellationRequested && timedOutAfter is { } timeout =>
            new TimeoutException($"{operation}: the service did not answer within {timeout}.", exception),
        // The exception of a cancelled request names a token of an attempt's, which the caller does not know; on some targets it is that of a broken transfer.
        OperationCanceledException or IOException or HttpRequestException when cancellationToken.IsCancellationRequested =>
            new OperationCanceledException("The operation was cancelled.", exception, cancellationToken),
        HttpRequestException or IOException => new LalalAiConnectionException($"{operation}: the connection to {_options.BaseAddress.Authority} failed. {exception.Message}", exception),
        _ => exception,
    };

    private ResiliencePipeline BuildRetries(LalalAiClientOptions options)
    {
        if (options.MaxRetries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = MaximumDelay,
                ShouldHandle = arguments => new ValueTask<bool>(arguments.Outcome.Exception is { } exception && ShouldRepeat(arguments.Context, exception)),
                DelayGenerator = arguments => new ValueTask<TimeSpan?>(
                    (arguments.Outcome.Exception as LalalAiApiException)?.RetryAfter is { } asked ? RetryAfter.Limit(asked) : null),
                OnRetry = arguments =>
                {
                    var state = CallState.Of(arguments.Context);
                    state.Repetitions++;
                    if (_logger.IsEnabled(LogLevel.Information))
                    {
                        var failure = arguments.Outcome.Exception!;
                        var kind = failure.GetType().Name;
                        var request = (failure as LalalAiApiException)?.RequestId;
                        Log.Repeating(_logger, state.Operation, arguments.AttemptNumber + 1, arguments.RetryDelay, kind, request);
                    }

                    return default;
                },
            })
            .Build();
    }

    private static bool ShouldRepeat(ResilienceContext context, Exception exception)
    {
        var state = CallState.Of(context);
        return ApiErrors.IsTransient(exception) && state.CanRepeat(exception);
    }

    /// <summary>What the retry strategy needs to know of the call it is in.</summary>
    private sealed class CallState(string operation, Func<Exception, bool> canRepeat)
    {
        public static readonly ResiliencePropertyKey<CallState> Key = new("LalalAi.Call");

        public string Operation { get; } = operation;

        public Func<Exception, bool> CanRepeat { get; } = canRepeat;

        public int Repetitions { get; set; }

        public static CallState Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);
    }
}
