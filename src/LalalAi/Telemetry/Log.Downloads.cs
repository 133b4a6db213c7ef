using Microsoft.Extensions.Logging;

namespace LalalAi.Telemetry;

internal static partial class Log
{
    [LoggerMessage(
        EventId = 30,
        Level = LogLevel.Information,
        Message = "The download of {Label} of task {Task} failed with {Failure} after {Bytes} bytes. Retry {Retry} follows in {Delay}.")]
    public static partial void RetryingDownload(
        ILogger logger, string label, string task, string failure, long bytes, int retry, TimeSpan delay);

    [LoggerMessage(
        EventId = 31, Level = LogLevel.Information, Message = "The link of {Label} of task {Task} returned {Status} and was renewed.")]
    public static partial void LinkRenewed(ILogger logger, string label, string task, int status);

    [LoggerMessage(
        EventId = 32,
        Level = LogLevel.Information,
        Message = "The download of {Label} of task {Task} starts over: its server cannot resume it after {Bytes} bytes.")]
    public static partial void StartingOver(ILogger logger, string label, string task, long bytes);
}
