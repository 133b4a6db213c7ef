using System.Globalization;
using LalalAi.Cli.Failures;

namespace LalalAi.Cli.Display;

/// <summary>The file of <c>--log-file</c>: messages and the client's log, with times in UTC. New entries are appended.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;

    private LogFile(StreamWriter writer) => _writer = writer;

    /// <exception cref="UsageException">The file cannot be written to.</exception>
    public static LogFile Open(string path)
    {
        try
        {
            return new LogFile(
                new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The file of --log-file, {path}, cannot be written to: {exception.Message}");
        }
    }

    public void Write(string level, string message)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            try
            {
                _writer.WriteLine($"{time} {level,-11} {CellText.Printable(message)}");
            }
            catch (IOException)
            {
                // A full disk must not fail a job that is paid for.
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // As above.
        }
    }
}
