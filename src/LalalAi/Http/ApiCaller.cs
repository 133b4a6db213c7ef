using LalalAi.Generated;
using LalalAi.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LalalAi.Http;

/// <summary>
/// Calls operations of the raw client, with a timeout for each attempt, retries where they are safe and may help, and errors as this
/// library's exceptions.
/// </summary>
internal sealed class ApiCaller
{
    private readonly HttpClients _clients;
    private readonly LalalAiClientOptions _options;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retries;

    public ApiCaller(HttpClients clients, LalalAiClientOptions options, ILogger logger)
    {
        _clients = clients;
        _options = options;
        _logger = logger;
        _retries = BuildRetries();
    }

    /// <summary>Calls an operation that can be retried unchanged.</summary>
    public Task<T> CallAsync<T>(
        string operation, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(new Call<T>(operation, _options.RequestTimeout, _options.MaxRetries, call), cancellationToken);

    /// <summary>Calls an operation.</summary>
    /// <param name="operation">The operation's name in the contract, for telemetry.</param>
    /// <param name="attemptTimeout">The timeout of one attempt, or an infinite time if the call has its own.</param>
    /// <param name="canRetry">Called after each transient failure. It may prepare the retry.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Cancels the call, including its delays.</param>
    public Task<T> CallAsync<T>(
        string operation,
        TimeSpan attemptTimeout,
        Func<Exception, bool> canRetry,
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken) =>
        RunAsync(new Call<T>(operation, attemptTimeout, _options.MaxRetries, call) { CanRetry = canRetry }, cancellationToken);

    /// <summary>Calls an operation without retries, for callers with their own back-off.</summary>
    public Task<T> CallOnceAsync<T>(
        string operation, Func<ILalalAiApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(new Call<T>(operation, _options.RequestTimeout, MaxRetries: 0, call), cancellationToken);

    /// <summary>Calls an operation that the caller chooses. <paramref name="check"/> handles checks.</summary>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public Task<T> SendAsync<T>(
        Func<ILalalAiApiClient, CancellationToken, Task<T>> call,
        CallOptions callOptions,
        Func<CheckRequest, CancellationToken, Task<CheckResponse>> check,
        CancellationToken cancellationToken)
    {
        callOptions.Validate();
        var timeout = LalalAiClientOptions.Timer(callOptions.Timeout ?? _options.RequestTimeout);
        return RunAsync(new Call<T>(callOptions.Operation, timeout, callOptions.MaxRetries, call) { Check = check }, cancellationToken);
    }

    private async Task<T> RunAsync<T>(Call<T> call, CancellationToken cancellationToken)
    {
        using var activity = LalalAiTelemetry.StartOperation(call.Operation);
        var started = _options.TimeProvider.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Call.Key, call);
        Exception? failure = null;
        try
        {
            return await _retries.ExecuteAsync(
                static (attempt, work) => work.Caller.AttemptAsync(work.Call, attempt.CancellationToken),
                context,
                (Caller: this, Call: call)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            var duration = _options.TimeProvider.GetElapsedTime(started);
            LalalAiTelemetry.RecordOperation(activity, call.Operation, failure, call.Retries, duration);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<T> AttemptAsync<T>(Call<T> call, CancellationToken cancellationToken)
    {
        var key = await GetLicenseKeyAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync(call, key, cancellationToken).ConfigureAwait(false);
        }
        catch (LalalAiAuthenticationException rejection) when (_options.LicenseKeyProvider is not null)
        {
            // The key may have been replaced during the request. A rejected request was not executed.
            var current = await GetLicenseKeyAsync(cancellationToken).ConfigureAwait(false);
            if (current == key || !call.CanRetry(rejection))
            {
                throw;
            }

            return await SendAsync(call, current, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> SendAsync<T>(Call<T> call, string licenseKey, CancellationToken cancellationToken)
    {
        using var limit = _options.TimeProvider.CreateCancellationTokenSource(call.AttemptTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var api = _clients.CreateApi(licenseKey, call.Check, linked.Token);
            return await call.SendAsync(api, linked.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (Translate(call, exception, limit.IsCancellationRequested, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async ValueTask<string> GetLicenseKeyAsync(CancellationToken cancellationToken)
    {
        if (_options.LicenseKeyProvider is not { } provider)
        {
            return _options.LicenseKey;
        }

        string key;
        try
        {
            key = await provider(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new LalalAiException(
                $"The {nameof(LalalAiClientOptions.LicenseKeyProvider)} failed, so nothing was sent. {exception.Message}", exception);
        }

        var problems = _options.ProblemsOfKey(key, nameof(LalalAiClientOptions.LicenseKeyProvider)).ToList();
        return problems.Count == 0 ? key : throw new LalalAiException(string.Join(" ", problems));
    }

    /// <summary>Returns the library's exception for the exception of an attempt, or <see langword="null"/> to rethrow the latter.</summary>
    private Exception? Translate(Call call, Exception exception, bool isTimedOut, CancellationToken cancellationToken) => exception switch
    {
        ApiException error => ErrorMapping.Translate(call.Operation, error, _options.TimeProvider.GetUtcNow()),
        _ when !ConnectionFailure.Matches(exception) => null,
        // The exception of a canceled request contains a token of the attempt, which the caller does not know. On some targets, it is the
        // exception of a broken transfer.
        _ when cancellationToken.IsCancellationRequested =>
            new OperationCanceledException("The operation was canceled.", exception, cancellationToken),
        _ when isTimedOut => new TimeoutException($"{call.Operation}: the service did not answer within {call.AttemptTimeout}.", exception),
        _ when _clients.IsDisposed => new ObjectDisposedException($"{call.Operation}: the client was disposed during the call.", exception),
        _ => ConnectionFailure.Describe(call.Operation, _options.BaseAddress, exception),
    };

    private ResiliencePipeline BuildRetries() => new ResiliencePipelineBuilder { TimeProvider = _options.TimeProvider }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = arguments => new ValueTask<bool>(
                arguments.Outcome.Exception is { } exception
                && Call.Of(arguments.Context) is var call
                && call.Retries < call.MaxRetries
                && ErrorMapping.IsTransient(exception)
                && call.CanRetry(exception)),
            DelayGenerator = arguments => new ValueTask<TimeSpan?>(
                (arguments.Outcome.Exception as LalalAiApiException)?.RetryAfter is { } asked
                    ? RetryAfter.Limit(asked)
                    : Backoff.Delay(arguments.AttemptNumber, _options.RetryDelay, Backoff.Maximum)),
            OnRetry = arguments =>
            {
                var call = Call.Of(arguments.Context);
                call.Retries++;
                Log.Retrying(_logger, call.Operation, arguments.Outcome.Exception!, call.Retries, arguments.RetryDelay);
                return default;
            },
        })
        .Build();

    /// <summary>A call, and the number of its retries.</summary>
    private record Call(string Operation, TimeSpan AttemptTimeout, int MaxRetries)
    {
        public static readonly ResiliencePropertyKey<Call> Key = new("LalalAi.Call");

        public Func<Exception, bool> CanRetry { get; init; } = static _ => true;

        public Func<CheckRequest, CancellationToken, Task<CheckResponse>>? Check { get; init; }

        public int Retries { get; set; }

        public static Call Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);
    }

    private sealed record Call<T>(
        string Operation, TimeSpan AttemptTimeout, int MaxRetries, Func<ILalalAiApiClient, CancellationToken, Task<T>> SendAsync)
        : Call(Operation, AttemptTimeout, MaxRetries);
}
