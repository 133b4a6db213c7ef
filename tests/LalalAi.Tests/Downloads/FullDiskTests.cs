using LalalAi.Downloads;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Downloads;

/// <summary>A disk that has no room for the track, at whatever point it runs out.</summary>
internal sealed class FullDiskTests : DownloadFixture
{
    [TestCase(150_000)]
    [TestCase(200_000)]
    public async Task What_was_received_stays_and_is_continued_when_there_is_room_again(int room)
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        var disk = new FullDisk(room);

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(disk: disk).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.Message, Does.Contain(Folder).And.Contain("No space left on device").And.Contain("Make room").And.Contain("continued by the next call"));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav.part", "song.wav.part.json" }));

        await NewDownloader().DownloadAsync(MakeTrack(server.Address), Folder, null, null, default);

        Assert.That(Read("song.wav"), Is.EqualTo(Content));
        Assert.That(Files, Is.EqualTo(new[] { "song.wav" }));
        Assert.That(server.Requests, Has.Count.EqualTo(2), "Writing is not tried again by itself.");
        Assert.That(server.Requests[1].From, Is.GreaterThan(100_000));
    }

    [TestCase(0)]
    [TestCase(10)]
    public async Task Nothing_is_left_when_there_is_no_room_for_anything(int room)
    {
        var server = Serve(request => HostileResponse.File(request, Content));

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(disk: new FullDisk(room)).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.Message, Does.Contain("No space left on device"));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task A_disk_that_turns_out_to_be_full_at_the_end_leaves_nothing_that_it_may_have_lost()
    {
        var server = Serve(request => HostileResponse.File(request, Content));

        var exception = await Assert.ThrowsAsync<LalalAiDownloadException>(() => NewDownloader(disk: new FullDisk(int.MaxValue) { FailsToFlush = true }).DownloadAsync(MakeTrack(server.Address), Folder, null, null, default));

        Assert.That(exception!.Message, Does.Contain("No space left on device"));
        Assert.That(Files, Is.Empty);
    }

    [Test]
    public async Task A_stream_of_the_callers_that_is_full_fails_with_what_it_said()
    {
        var server = Serve(request => HostileResponse.File(request, Content));
        await using var destination = new FullDisk(150_000).Open(PathOf("own.wav"), FileMode.Create, FileAccess.Write, FileShare.None);

        var exception = await Assert.CatchAsync(() => NewDownloader().DownloadAsync(MakeTrack(server.Address), destination, null, default));

        Assert.That(exception, Is.TypeOf<IOException>().With.Message.EqualTo("No space left on device"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    private sealed class FullDisk(long room) : PartDisk
    {
        private long _room = room;

        public bool FailsToFlush { get; init; }

        public override FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None) =>
            new FullStream(this, path, mode, access, share, options);

        /// <summary>Writes what there is room for, as a disk does, and fails at the rest.</summary>
        private sealed class FullStream(FullDisk disk, string path, FileMode mode, FileAccess access, FileShare share, FileOptions options) : FileStream(path, mode, access, share, bufferSize: 1, options)
        {
            public override void Write(byte[] buffer, int offset, int count)
            {
                var fits = (int)Math.Min(count, disk._room);
                disk._room -= fits;
                base.Write(buffer, offset, fits);
                if (fits < count)
                {
                    throw Full();
                }
            }

            public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            {
                Write(buffer, offset, count);
                return Task.CompletedTask;
            }

            public override void Flush(bool flushToDisk)
            {
                base.Flush(flushToDisk);
                if (flushToDisk && disk.FailsToFlush)
                {
                    throw Full();
                }
            }

            private static IOException Full() => new("No space left on device");
        }
    }
}
