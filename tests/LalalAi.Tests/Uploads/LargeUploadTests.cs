using System.Diagnostics;
using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Uploads;

/// <summary>Large uploads arrive completely and use constant memory.</summary>
[Category("Slow")]
public sealed class LargeUploadTests
{
    private const long AllowedGrowth = 32 * 1024 * 1024;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Every_byte_of_a_large_upload_arrives_in_constant_memory(bool canSeek)
    {
        // 1 GB keeps the usual run short; it is past every buffer there is. 10 GB is what the service takes.
        var length = Environment.GetEnvironmentVariable("LALALAI_LARGE_TESTS") == "true" ? 10_000_000_000 : 1_000_000_000;
        var isRight = true;
        await using var server = ScriptedServer.Start(_ => ApiReply.Uploaded with { Sink = (offset, part) => isRight &= PatternStream.Matches(offset, part) });
        await using var client = ApiClients.For(server.Address);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = 0;
        var started = Stopwatch.GetTimestamp();

        await client.UploadAsync(
            new PatternStream(length, canSeek), "song.wav", progress: new Observer<TransferProgress>(_ => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false))));

        var growth = Math.Max(0, peak - before);
        await TestContext.Progress.WriteLineAsync(FormattableString.Invariant(
            $"{length / 1e9:0} GB in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s; managed memory grew by {growth / 1048576.0:0.0} MB at most."));
        Assert.Multiple(() =>
        {
            Assert.That(server.Requests.Single().BodyLength, Is.EqualTo(length));
            Assert.That(isRight, Is.True, "Each byte is the one that belongs there.");
            Assert.That(growth, Is.LessThan(AllowedGrowth));
        });
    }
}
