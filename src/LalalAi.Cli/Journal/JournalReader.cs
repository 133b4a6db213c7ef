using System.Text;
using Newtonsoft.Json;

namespace LalalAi.Cli.Journal;

/// <summary>Reads a journal. A last line that a killed process left unfinished is dropped; any other line that cannot be read is an error.</summary>
internal static class JournalReader
{
    /// <returns>What the whole lines of the file amount to, and their length in bytes.</returns>
    /// <exception cref="UsageException">A line before the last cannot be read; the file is unchanged.</exception>
    public static (JobIndex Index, long Length) Read(Stream file, string path)
    {
        var index = new JobIndex();
        var whole = WholeLines(file);
        file.Position = 0;
        using var reader = new StreamReader(new LimitedStream(file, whole), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 64 * 1024, leaveOpen: true);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            try
            {
                index.Apply(JournalLine.Read(line));
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException or FormatException or ArgumentException)
            {
                throw new UsageException(
                    $"Line {number} of {path} cannot be read: {Reason(exception)} The file was not changed. Fix or remove that line, or choose another output folder with -o. What the line says about a paid task is lost with it.");
            }
        }

        return (index, whole);
    }

    private static string Reason(Exception exception) => exception is JsonReaderException ? "it is not JSON." : exception.Message.TrimEnd('.') + ".";

    /// <summary>Finds the end of the last whole line, from behind: the rest was being written when the process died.</summary>
    private static long WholeLines(Stream file)
    {
        var buffer = new byte[4096];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length);
            file.Position = start;
            var part = buffer.AsSpan(0, (int)(end - start));
            file.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is >= 0 and var newline)
            {
                return start + newline + 1;
            }

            end = start;
        }

        return 0;
    }

    /// <summary>The beginning of a stream.</summary>
    private sealed class LimitedStream(Stream inner, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, (int)Math.Min(count, length - inner.Position));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
