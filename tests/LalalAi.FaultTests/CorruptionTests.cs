using System.Collections.Concurrent;

namespace LalalAi.FaultTests;

/// <summary>
/// One byte that becomes another, in the head and the JSON of every response of the API and in the head of a download. The job is then right,
/// or is reported by an exception of the library's; it never crashes, and is never paid twice.
/// </summary>
/// <remarks>
/// The bytes of media are not corrupted: the service sends a length and no checksum, so corruption cannot be detected. Nor can one length be told from
/// another, which is why the digits in the head of a download only ever become letters. Requests are left alone too: the very key that
/// keeps a start from being paid twice could become another. TLS sees to all of that on a real wire.
/// </remarks>
[Parallelizable(ParallelScope.All)]
internal sealed class CorruptionTests
{
    private const int Step = 5;
    private const byte ToNeighbour = 0x01;
    private const byte ToOtherKind = 0x40;

    private static readonly TestCaseData[] Responses =
    [
        new TestCaseData(0, 0, 300).SetArgDisplayNames("the upload"),
        new TestCaseData(1, 0, 240).SetArgDisplayNames("the start"),
        new TestCaseData(2, 0, 500).SetArgDisplayNames("a check: the head and the first track"),
        new TestCaseData(2, 500, 980).SetArgDisplayNames("a check: the other track"),
    ];

    [TestCaseSource(nameof(Responses))]
    public Task A_corrupt_response_is_survived_or_reported(int connection, int from, int to) =>
        AssertAllAsync(
            from,
            to,
            offset => offset / Step % 2 == 0 ? ToNeighbour : ToOtherKind,
            fault => (number => number == connection ? [fault] : [], _ => []));

    [Test]
    public Task A_corrupt_head_of_a_download_is_survived_or_reported() =>
        AssertAllAsync(0, 330, _ => ToOtherKind, fault => (_ => [], number => number == 0 ? [fault] : []));

    private static async Task AssertAllAsync(int from, int to, Func<int, byte> mask, Func<WireFault, (WirePlan Api, WirePlan Links)> plan)
    {
        await using var service = await TestService.StartAsync();
        var offsets = Enumerable.Range(0, (to - from) / Step).Select(index => from + (index * Step)).ToList();
        var problems = new ConcurrentQueue<string>();
        var applied = 0;

        await Parallel.ForEachAsync(offsets, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (offset, _) =>
        {
            var fault = new WireFault(WireFaultKind.Corrupt, WireDirection.ToClient, offset) { Mask = mask(offset) };
            var (api, links) = plan(fault);
            await using var faulty = new FaultyClient(service, api, links, configure: options =>
            {
                // A corrupt length makes the client wait for bytes that never come. A slow machine only retries more often.
                options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = TimeSpan.FromSeconds(3);
                options.MaxConcurrentDownloads = 1;
            });
            var outcome = await Outcome.OfAsync(
                service.WriteSong(offset), (song, folder) => faulty.Client.ProcessAsync(song, new DemuserPresets(), folder));
            Interlocked.Add(ref applied, faulty.Log.Applied(WireFaultKind.Corrupt));
            if (outcome.Problem() is { } problem)
            {
                problems.Enqueue($"{fault}: {problem}");
            }
        });

        Assert.Multiple(() =>
        {
            Assert.That(problems, Is.Empty);
            Assert.That(applied, Is.GreaterThan(offsets.Count * 2 / 3), "Most offsets are within the response.");
            Assert.That(service.Report.Starts, Is.LessThanOrEqualTo(offsets.Count));
            Assert.That(service.Report.StartsRepeated, Is.Zero);
        });
    }
}
