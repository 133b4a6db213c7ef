using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace LalalAi.Telemetry;

/// <summary>The traces and metrics of the library. Their names are part of its public surface; docs/telemetry.md lists them.</summary>
internal static class LalalAiTelemetry
{
    public const string Name = "LalalAi";

    private const int MaximumTagLength = 128;

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Measurements = new(Name);

    private static readonly Histogram<double> OperationDuration = Measurements.CreateHistogram<double>(
        "lalalai.client.operation.duration", "s", "The duration of an operation, including its retries.");

    private static readonly Counter<long> Retries = Measurements.CreateCounter<long>(
        "lalalai.client.retries", "{retry}", "Requests that were retried after a failure.");

    private static readonly Counter<long> TransferredBytes = Measurements.CreateCounter<long>(
        "lalalai.client.transferred", "By", "Bytes of media that were sent or received.");

    private static readonly Counter<long> Checks = Measurements.CreateCounter<long>(
        "lalalai.client.checks", "{request}", "Requests for the states of tasks, including failed ones.");

    private static readonly UpDownCounter<long> WatchedTasks = Measurements.CreateUpDownCounter<long>(
        "lalalai.client.tasks.watched", "{task}", "Tasks that are waited for or being checked.");

    private static readonly UpDownCounter<long> CheckOutages = Measurements.CreateUpDownCounter<long>(
        "lalalai.client.checks.outages", "{client}", "Clients whose checks fail at present, so that their waits are paused.");

    /// <summary>Starts the activity of an operation, or returns <see langword="null"/> if there is no listener.</summary>
    public static Activity? StartOperation(string operation) => Start(operation, ActivityKind.Client);

    /// <summary>Records the result of an operation.</summary>
    public static void RecordOperation(Activity? activity, string operation, Exception? exception, int retries, TimeSpan duration)
    {
        if (OperationDuration.Enabled)
        {
            var tags = new TagList { { "lalalai.operation", operation } };
            if (exception is not null)
            {
                tags.Add("error.type", ErrorType(exception));
            }

            OperationDuration.Record(duration.TotalSeconds, tags);
        }

        if (retries > 0)
        {
            Retries.Add(retries, new KeyValuePair<string, object?>("lalalai.operation", operation));
        }

        activity?.SetTag("lalalai.retries", retries);
        RecordFailure(activity, exception);
    }

    /// <summary>Runs a composed operation, such as a job or a wait, in an activity.</summary>
    public static Task<T> TraceAsync<T>(string name, Func<Activity?, Task<T>> work)
    {
        return Activities.HasListeners() ? TraceCoreAsync() : work(null);

        async Task<T> TraceCoreAsync()
        {
            using var activity = Start(name, ActivityKind.Internal);
            try
            {
                return await work(activity).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                RecordFailure(activity, exception);
                throw;
            }
        }
    }

    /// <summary>The type of a failure. The number of types is limited, because each creates its own time series.</summary>
    public static string ErrorType(Exception exception) => exception switch
    {
        OperationCanceledException => "canceled",
        LalalAiApiException { Code: { } code } when ErrorMapping.IsKnown(code) => code,
        LalalAiApiException { StatusCode: var status } => status.ToString(CultureInfo.InvariantCulture),
        LalalAiDownloadException { StatusCode: { } status } => status.ToString(CultureInfo.InvariantCulture),
        LalalAiDownloadException => "download",
        LalalAiTaskException => "task",
        LalalAiAmbiguousStartException => "ambiguous_start",
        TimeoutException => "timeout",
        LalalAiConnectionException => "connection",
        _ => "_OTHER",
    };

    /// <summary>Adds the ID of a request to the activity in which it was sent.</summary>
    public static void RecordResponse(HttpResponseMessage response)
    {
        if (Activity.Current is { Source.Name: Name } activity && response.Headers.TryGetValues("x-request-id", out var ids))
        {
            SetRequestId(activity, ids.FirstOrDefault());
        }
    }

    public static void RecordTransfer(string direction, long bytes) =>
        TransferredBytes.Add(bytes, new KeyValuePair<string, object?>("lalalai.direction", direction));

    public static void RecordCheck() => Checks.Add(1);

    public static void RecordOutages(int difference) => CheckOutages.Add(difference);

    public static void RecordWatchedTasks(int difference)
    {
        if (difference != 0)
        {
            WatchedTasks.Add(difference);
        }
    }

    private static Activity? Start(string name, ActivityKind kind) =>
        Activities.HasListeners() ? Activities.StartActivity($"LalalAi.{name}", kind) : null;

    private static void RecordFailure(Activity? activity, Exception? exception)
    {
        if (activity is null || exception is null)
        {
            return;
        }

        var errorType = ErrorType(exception);
        activity.SetTag("error.type", errorType);
        if (exception is not OperationCanceledException)
        {
            activity.SetStatus(ActivityStatusCode.Error, errorType);
            SetRequestId(activity, (exception as LalalAiApiException)?.RequestId);
        }
    }

    private static void SetRequestId(Activity activity, string? requestId)
    {
        if (requestId is not null)
        {
            var isTooLong = requestId.Length > MaximumTagLength;
            activity.SetTag("lalalai.request_id", isTooLong ? requestId.Substring(0, MaximumTagLength) : requestId);
        }
    }
}
