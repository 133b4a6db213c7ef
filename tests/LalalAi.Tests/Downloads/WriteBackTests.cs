using LalalAi.Downloads;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

/// <summary>Large tracks reach the disk while they come, and not all at once when they are complete.</summary>
internal sealed class WriteBackTests : DownloadFixture
{
    // More beyond the interval than one piece of a download has, so that a piece comes after the one that makes it full.
    private static readonly byte[] LargeContent = MakeContent(WriteBack.Interval + 1_000_003, 3);

    [Test]
    public async Task A_large_track_is_brought_to_the_disk_before_it_is_complete()
    {
        var server = Serve(request => HostileResponse.File(request, LargeContent));
        var disk = new WatchedDisk();

        await NewDownloader(disk: disk).DownloadAsync(MakeTrack(server.Address), Folder, null, null, TestContext.CurrentContext.CancellationToken);

        Assert.That(disk.LengthAtFirstFlush, Is.GreaterThanOrEqualTo(WriteBack.Interval).And.LessThan(LargeContent.Length));
        Assert.That(Read("song.wav").AsSpan().SequenceEqual(LargeContent), Is.True);
    }

    [Test]
    public async Task A_disk_that_fails_on_the_way_is_not_asked_whether_all_is_well_at_the_end()
    {
        var server = Serve(request => HostileResponse.File(request, LargeContent));

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(disk: new WatchedDisk { FailingFlush = 1 }).DownloadAsync(MakeTrack(server.Address), Folder, null, null, TestContext.CurrentContext.CancellationToken));

        Assert.That(exception!.Message, Does.Contain("Input/output error"));
        Assert.That(Files, Is.Empty, "Nothing is known to be on the disk.");
    }

    [Test]
    public async Task What_was_on_the_disk_before_it_failed_is_continued()
    {
        var content = MakeContent((2 * WriteBack.Interval) + 1_000_003, 4);
        var server = Serve(request => HostileResponse.File(request, content));
        var disk = new WatchedDisk { FailingFlush = 2 };

        await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(disk: disk).DownloadAsync(MakeTrack(server.Address), Folder, null, null, TestContext.CurrentContext.CancellationToken));

        Assert.That(Files, Is.EqualTo(new[] { "song.wav.part", "song.wav.part.json" }));
        Assert.That(new FileInfo(PathOf("song.wav.part")).Length, Is.EqualTo(disk.LengthAtFirstFlush));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, TestContext.CurrentContext.CancellationToken);

        Assert.That(server.Requests.Select(request => request.From ?? 0), Is.EqualTo(new[] { 0, disk.LengthAtFirstFlush }));
        Assert.That(Read("song.wav").AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task A_download_that_is_cancelled_leaves_no_flush_behind_that_keeps_the_part_locked()
    {
        var server = Serve(request => HostileResponse.File(request, LargeContent));
        var disk = new WatchedDisk { Lingers = true };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CurrentContext.CancellationToken);
        var download = NewDownloader(disk: disk).DownloadAsync(MakeTrack(server.Address), Folder, null, null, cancellation.Token);

        await disk.FirstFlush.WaitAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => download);
        Assert.That(disk.WasClosedDuringFlush, Is.False);
    }

    /// <summary>A disk that takes nothing more than an interval until it was told to flush.</summary>
    private sealed class WatchedDisk : PartDisk
    {
        private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(1);

        private readonly TaskCompletionSource<long> _firstFlush = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The flush that fails, from 1; later ones do not, as with a real disk.</summary>
        public int FailingFlush { get; init; }

        /// <summary>Whether the first flush takes as long as the file is open, for a while at most, and nothing is written meanwhile.</summary>
        public bool Lingers { get; init; }

        public bool WasClosedDuringFlush { get; private set; }

        public Task<long> FirstFlush => _firstFlush.Task;

        public long LengthAtFirstFlush => _firstFlush.Task.Result;

        public override FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None) =>
            new WatchedStream(this, path, mode, access, share, options);

        private sealed class WatchedStream(WatchedDisk disk, string path, FileMode mode, FileAccess access, FileShare share, FileOptions options) : FileStream(path, mode, access, share, bufferSize: 1, options)
        {
            private readonly ManualResetEventSlim _closing = new();
            private volatile bool _isFlushing;
            private int _flushes;

            public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            {
                if (Length >= WriteBack.Interval)
                {
                    await (disk.Lingers ? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) : disk._firstFlush.Task.WaitAsync(cancellationToken));
                }

                base.Write(buffer, offset, count);
            }

            public override void Flush(bool flushToDisk)
            {
                base.Flush(flushToDisk);
                _isFlushing = disk.Lingers;
                if (!flushToDisk)
                {
                    return;
                }

                disk._firstFlush.TrySetResult(Length);
                if (disk.Lingers)
                {
                    _closing.Wait(Lingering);
                    _isFlushing = false;
                }

                if (++_flushes == disk.FailingFlush)
                {
                    throw new IOException("Input/output error");
                }
            }

            protected override void Dispose(bool disposing)
            {
                disk.WasClosedDuringFlush |= _isFlushing;
                _closing.Set();
                base.Dispose(disposing);
            }
        }
    }
}
