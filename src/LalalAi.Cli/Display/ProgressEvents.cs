namespace LalalAi.Cli.Display;

/// <summary>Adds events about progress to a display: one for each phase of a file, and at most one per second in between.</summary>
/// <param name="write">Writes an event.</param>
/// <param name="inner">The display for people.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ProgressEvents(Action<string, object> write, IRunDisplay inner, TimeProvider timeProvider) : IRunDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RunProgress _progress = new(timeProvider);
    private long? _summedAt;

    public void Expect(int files, long bytes)
    {
        _progress.Expect(files, bytes);
        inner.Expect(files, bytes);
    }

    public IFileDisplay Begin(string path, long size) => new FileEvents(this, path, _progress.Add(path, size), inner.Begin(path, size));

    public void Note(Mark mark, string text)
    {
        if (mark != Mark.Information)
        {
            _progress.CountEnd();
        }

        inner.Note(mark, text);
    }

    public void Pause(string reason, TimeSpan delay)
    {
        write("paused", new { reason, seconds = Math.Round(delay.TotalSeconds, 1) });
        inner.Pause(reason, delay);
    }

    public void Resume()
    {
        write("resumed", new { });
        inner.Resume();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private long Now => timeProvider.GetTimestamp();

    private bool IsDue(long? last) => last is not { } at || timeProvider.GetElapsedTime(at) >= Interval;

    private void Write(string path, FileRow row, TransferProgress? transfer)
    {
        write("progress", new
        {
            file = path,
            phase = row.Phase.ToString().ToLowerInvariant(),
            percent = Percent(row.Fraction),
            bytes = transfer?.BytesTransferred,
            total_bytes = transfer?.TotalBytes,
            seconds_left = Seconds(row.Remaining),
        });
        if (!IsDue(_summedAt))
        {
            return;
        }

        _summedAt = Now;
        var total = _progress.Sum();
        write("total", new
        {
            files = total.Files,
            ended = total.Ended,
            percent = Percent(total.Fraction),
            bytes = total.UploadedBytes,
            total_bytes = total.Bytes,
            minutes = total.ProcessedMinutes,
            total_minutes = total.Minutes,
            seconds_left = Seconds(total.Remaining),
        });
    }

    private static double? Percent(double? fraction) => fraction is { } part ? Math.Round(part * 100, 1) : null;

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds) : null;

    private sealed class FileEvents(ProgressEvents events, string path, FileRow row, IFileDisplay inner) : IFileDisplay
    {
        private long? _writtenAt;

        public double? Minutes
        {
            set
            {
                row.Minutes = value;
                inner.Minutes = value;
            }
        }

        public void Enter(Phase phase)
        {
            if (phase != row.Phase)
            {
                row.Enter(phase);
                Write(transfer: null);
            }

            inner.Enter(phase);
        }

        public void Report(double? fraction, TransferProgress? transfer = null)
        {
            row.Report(fraction, transfer);
            if (events.IsDue(_writtenAt))
            {
                Write(transfer);
            }

            inner.Report(fraction, transfer);
        }

        public void Dispose()
        {
            row.Dispose();
            inner.Dispose();
        }

        private void Write(TransferProgress? transfer)
        {
            _writtenAt = events.Now;
            events.Write(path, row, transfer);
        }
    }
}
