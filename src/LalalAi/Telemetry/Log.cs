using Microsoft.Extensions.Logging;

namespace LalalAi.Telemetry;

/// <summary>The library's log messages, in the category <c>LalalAi</c>. They never contain a license key or a link.</summary>
internal static partial class Log
{
    public const string Category = "LalalAi";

    public static void Retrying(ILogger logger, string operation, Exception failure, int retry, TimeSpan delay)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            var type = failure.GetType().Name;
            var requestId = (failure as LalalAiApiException)?.RequestId;
            Retrying(logger, operation, type, requestId, retry, delay);
        }
    }

    public static void ChecksStillPaused(ILogger logger, Exception failure, TimeSpan delay)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            var type = failure.GetType().Name;
            var requestId = (failure as LalalAiApiException)?.RequestId;
            ChecksStillPaused(logger, type, requestId, delay);
        }
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Information,
        Message = "{Operation} failed with {Failure} (request {RequestId}). Retry {Retry} follows in {Delay}.")]
    private static partial void Retrying(ILogger logger, string operation, string failure, string? requestId, int retry, TimeSpan delay);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Information,
        Message = "{Handler} was removed from the HTTP clients of LALAL.AI. It would retry starts that are paid for, and end long uploads. "
            + "The client retries what is safe by itself.")]
    public static partial void ResilienceHandlerRemoved(ILogger logger, Type handler);

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Task {Task} ended as {State} after a wait of {Waited}.")]
    public static partial void WaitEnded(ILogger logger, TaskId task, string state, TimeSpan waited);

    [LoggerMessage(
        EventId = 21,
        Level = LogLevel.Warning,
        Message = "Checks fail with {Failure} (request {RequestId}). "
            + "They are retried with a growing delay, first in {Delay}. {Waiting} tasks wait.")]
    public static partial void ChecksPaused(ILogger logger, string failure, string? requestId, TimeSpan delay, int waiting);

    [LoggerMessage(
        EventId = 22,
        Level = LogLevel.Error,
        Message = "A check failed with {Failure} (request {RequestId}), which ended the waits for {Tasks} tasks.")]
    public static partial void WaitsFailed(ILogger logger, string failure, string? requestId, int tasks);

    [LoggerMessage(
        EventId = 23,
        Level = LogLevel.Warning,
        Message = "A check of {Tasks} tasks was rejected with {Failure} (request {RequestId}). "
            + "It is split to find the tasks that cause it.")]
    public static partial void CheckRejected(ILogger logger, int tasks, string failure, string? requestId);

    [LoggerMessage(
        EventId = 24,
        Level = LogLevel.Warning,
        Message = "Checks are answered by something between the client and the service (HTTP {Status}). "
            + "Check the base address, proxies and gateways.")]
    public static partial void ChecksIntercepted(ILogger logger, int status);

    [LoggerMessage(
        EventId = 25, Level = LogLevel.Warning, Message = "The service asked to retry after {Asked}. The next check follows in {Delay}.")]
    public static partial void RetryAfterLimited(ILogger logger, TimeSpan asked, TimeSpan delay);

    [LoggerMessage(EventId = 26, Level = LogLevel.Information, Message = "Checks succeed again after {Duration}.")]
    public static partial void ChecksResumed(ILogger logger, TimeSpan duration);

    [LoggerMessage(
        EventId = 27,
        Level = LogLevel.Debug,
        Message = "Checks still fail with {Failure} (request {RequestId}). The next one follows in {Delay}.")]
    private static partial void ChecksStillPaused(ILogger logger, string failure, string? requestId, TimeSpan delay);

    [LoggerMessage(
        EventId = 28,
        Level = LogLevel.Information,
        Message = "The lookups of {Tasks} tasks fail, such as task {Task}. "
            + "Each is retried at least three times, and for 5 minutes if the task is known to exist.")]
    public static partial void LookupsFail(ILogger logger, int tasks, TaskId task);
}
