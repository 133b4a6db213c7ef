using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LalalAi.Telemetry;

/// <summary>The activities and measurements of the library. Their names are part of its public surface; docs/telemetry.md lists them.</summary>
internal static class LalalAiTelemetry
{
    public const string Name = "LalalAi";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Measurements = new(Name);

    private static readonly Histogram<double> OperationDuration = Measurements.CreateHistogram<double>(
        "lalalai.client.operation.duration", "s", "How long an operation took, its repetitions included.");

    private static readonly Counter<long> Repetitions = Measurements.CreateCounter<long>(
        "lalalai.client.repetitions", "{repetition}", "Requests that were sent again after a failure.");

    private static readonly Counter<long> TransferredBytes = Measurements.CreateCounter<long>(
        "lalalai.client.transferred", "By", "Bytes of media that were sent or received.");

    private static readonly Counter<long> Checks = Measurements.CreateCounter<long>(
        "lalalai.client.checks", "{request}", "Requests for the state of tasks, failed ones included.");

    private static readonly UpDownCounter<long> WatchedTasks = Measurements.CreateUpDownCounter<long>(
        "lalalai.client.tasks.watched", "{task}", "Tasks that are waited for or being checked.");

    private static readonly UpDownCounter<long> CheckOutages = Measurements.CreateUpDownCounter<long>(
        "lalalai.client.checks.outages", "{client}", "Clients whose checks fail at present, so that their waits are paused.");

    /// <summary>Begins an activity for a part of the library's work, or returns <see langword="null"/> when nobody listens.</summary>
    public static Activity? StartOperation(string operation) =>
        Activities.HasListeners() ? Activities.StartActivity($"LalalAi.{operation}", ActivityKind.Client) : null;

    public static void RecordOperation(Activity? activity, string operation, Exception? exception, int repetitions, TimeSpan duration)
    {
        var outcome = Describe(exception);
        if (OperationDuration.Enabled)
        {
            OperationDuration.Record(duration.TotalSeconds, new("lalalai.operation", operation), new("lalalai.outcome", outcome));
        }

        if (repetitions > 0)
        {
            Repetitions.Add(repetitions, new KeyValuePair<string, object?>("lalalai.operation", operation));
        }

        activity?.SetTag("lalalai.outcome", outcome);
        activity?.SetTag("lalalai.repetitions", repetitions);
        if (exception is not null and not OperationCanceledException)
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            if ((exception as LalalAiApiException)?.RequestId is { } request)
            {
                activity?.SetTag("lalalai.request_id", request);
            }
        }
    }

    /// <summary>How an operation ended, in a word; the words are few, because each makes series of measurements of its own.</summary>
    public static string Describe(Exception? exception) => exception switch
    {
        null => "success",
        OperationCanceledException => "cancelled",
        LalalAiApiException { Code: { } code } => code,
        LalalAiApiException error => error.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture),
        LalalAiDownloadException { StatusCode: { } status } => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        LalalAiDownloadException => "download",
        TimeoutException => "timeout",
        LalalAiConnectionException => "connection",
        _ => "other",
    };

    /// <summary>Notes the id of a request on the activity that it was sent in.</summary>
    public static void RecordAnswer(HttpResponseMessage response)
    {
        if (Activity.Current is { Source.Name: Name } activity && response.Headers.TryGetValues("x-request-id", out var ids))
        {
            activity.SetTag("lalalai.request_id", ids.FirstOrDefault());
        }
    }

    public static void RecordTransfer(string direction, long bytes) =>
        TransferredBytes.Add(bytes, new KeyValuePair<string, object?>("lalalai.direction", direction));

    public static void RecordCheck() => Checks.Add(1);

    public static void RecordOutages(int difference) => CheckOutages.Add(difference);

    public static void RecordWatchedTasks(int difference) => WatchedTasks.Add(difference);
}
