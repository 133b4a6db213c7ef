using Microsoft.Extensions.Logging;

namespace LalalAi.Cli.Display;

/// <summary>
/// Receives the client's log, for <c>--verbose</c> and <c>--log-file</c>, and for a run, which shows the reason when checks
/// pause. Neither keys nor links are ever logged.
/// </summary>
internal sealed class ClientLog(Output output) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        output.Log(logLevel.ToString().ToLowerInvariant(), formatter(state, exception));
        var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        // docs/telemetry.md lists the names.
        switch (eventId.Name)
        {
            case "ChecksPaused" or "ChecksStillPaused" or "Retrying" or "RetryingDownload":
                output.Display?.Pause(Describe((string?)Find(values, "Failure")), (TimeSpan)Find(values, "Delay")!);
                break;
            case "ChecksResumed":
                output.Display?.Resume();
                break;
        }
    }

    public void Dispose()
    {
    }

    private static object? Find(IReadOnlyList<KeyValuePair<string, object?>> values, string name) =>
        values.FirstOrDefault(value => value.Key == name).Value;

    private static string Describe(string? failure) => failure switch
    {
        nameof(LalalAiRateLimitException) => "Rate limited by the service",
        nameof(LalalAiConnectionException) => "The service cannot be reached",
        nameof(TimeoutException) => "The service does not answer",
        _ => "The service does not answer as it should",
    };
}
