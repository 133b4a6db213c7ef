using Microsoft.Extensions.Logging;

namespace LalalAi.Telemetry;

/// <summary>What the library logs, under the category <c>LalalAi</c>. No key and no link is ever an argument.</summary>
internal static partial class Log
{
    public const string Category = "LalalAi";

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Operation} failed with {Failure} (request {RequestId}); repetition {Repetition} follows in {Delay}.")]
    public static partial void Repeating(ILogger logger, string operation, int repetition, TimeSpan delay, string failure, string? requestId);
}
