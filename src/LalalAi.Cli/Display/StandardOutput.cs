using Microsoft.Win32.SafeHandles;

namespace LalalAi.Cli.Display;

/// <summary>Standard output that reports a closed pipe. On Unix, the writer of <see cref="Console"/> ignores it.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.Out;
        }

        try
        {
            var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // A file has a position, which the console shares with other programs that write to it. A pipe does not.
            return stream.CanSeek
                ? Console.Out
                : TextWriter.Synchronized(new StreamWriter(stream, Console.Out.Encoding, bufferSize: -1) { AutoFlush = true });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The pipe is closed, or does not block.
            return Console.Out;
        }
    }
}
