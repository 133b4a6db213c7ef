using Microsoft.Extensions.Logging;

namespace LalalAi.Testing;

/// <summary>Keeps what is logged, as "Level: text".</summary>
public sealed class TestLog(Action? onLog = null) : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];

    /// <summary>The level from which messages are kept. By default, all are.</summary>
    public LogLevel Level { get; init; } = LogLevel.Trace;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Level;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }

        onLog?.Invoke();
    }
}
