using Microsoft.Extensions.Logging;

namespace LalalAi.Telemetry;

/// <summary>What the library logs, under the category <c>LalalAi</c>. No key and no link is ever an argument.</summary>
internal static partial class Log
{
    public const string Category = "LalalAi";

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Operation} failed with {Failure} (request {RequestId}); repetition {Repetition} follows in {Delay}.")]
    public static partial void Repeating(ILogger logger, string operation, int repetition, TimeSpan delay, string failure, string? requestId);

    [LoggerMessage(EventId = 20, Level = LogLevel.Debug, Message = "Task {Task} ended as {State} after a wait of {Waited}.")]
    public static partial void WaitEnded(ILogger logger, TaskId task, string state, TimeSpan waited);

    [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "A check failed with {Failure} (request {RequestId}); the next one follows in {Delay}. {Waiting} tasks are waited for.")]
    public static partial void ChecksPaused(ILogger logger, string failure, string? requestId, TimeSpan delay, int waiting);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "A check failed with {Failure} (request {RequestId}); the waits for {Tasks} tasks end with it.")]
    public static partial void WaitsFailed(ILogger logger, int tasks, string failure, string? requestId);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "A check of {Tasks} tasks was refused with {Failure} (request {RequestId}); they are asked for in smaller parts, to find out which of them are to blame.")]
    public static partial void CheckRefused(ILogger logger, int tasks, string failure, string? requestId);
}
