using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using LalalAi.Sandbox;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>500 MB in both directions, in turns with a bare <see cref="HttpClient"/> that streams to and from the same server.</summary>
internal static class TransferScenarios
{
    private const long Size = 500_000_000;
    private const int Rounds = 61;
    private const double TargetMedian = 0.98;
    private const double TargetLow = 0.95;

    public static async Task<IReadOnlyList<Measurement>> UploadAsync()
    {
        await using var server = new CannedServer(
            """{"id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","name":"a.mp3","size":500000000,"duration":1,"expires":1999999999}""");
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = server.BaseAddress, LicenseKey = "key" });
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        return
        [
            await CompareAsync(
                "upload of 500 MB",
                async () => await client.UploadAsync(new SyntheticStream(Size), "a.mp3"),
                async () =>
                {
                    using var content = new StreamContent(new SyntheticStream(Size));
                    content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "a.mp3" };
                    using var response = await http.PostAsync("api/v1/upload/", content);
                    response.EnsureSuccessStatusCode();
                }),
        ];
    }

    public static async Task<IReadOnlyList<Measurement>> DownloadAsync()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions
        {
            Speed = double.PositiveInfinity,
            MinutesPerLicense = 1e9,
            UndecodableContent = UndecodableContent.PassThrough,
        });
        await using var client = new LalalAiClient(
            new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
        var source = await client.UploadAsync(new SyntheticStream(Size), "a.mp3");
        var done = await client.WaitAsync(await client.StartAsync(source.Id, new DemuserPresets()));
        var track = done.Tracks[0];
        var folder = Directory.CreateTempSubdirectory("lalalai-benchmarks-");
        using var http = new HttpClient();
        try
        {
            return
            [
                // Both end with every byte on the disk.
                await CompareAsync(
                    "download of 500 MB to a file, flushed",
                    async () => File.Delete((await client.DownloadAsync(track, folder.FullName)).Path),
                    () => DownloadByHandAsync(http, track.Url!, Path.Combine(folder.FullName, "bare"), flush: true)),

                // Neither writes: what the client adds to the reading.
                await CompareAsync(
                    "download of 500 MB to a stream",
                    () => client.DownloadAsync(track, Stream.Null),
                    async () =>
                    {
                        await using var body = await http.GetStreamAsync(track.Url!);
                        await body.CopyToAsync(Stream.Null);
                    }),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task DownloadByHandAsync(HttpClient http, Uri link, string path, bool flush)
    {
        await using (var file = CreateFile(path))
        {
            await using var body = await http.GetStreamAsync(link);
            await body.CopyToAsync(file);
            if (flush)
            {
                file.Flush(flushToDisk: true);
            }
        }

        File.Delete(path);
    }

    private static FileStream CreateFile(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);

    private static async Task<Measurement> CompareAsync(string name, Func<Task> facade, Func<Task> bare)
    {
        var facades = new List<double>();
        var bares = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            // The second one may find the disk busy with what the first one left.
            var facadeFirst = round % 2 == 0;
            var first = await TimeAsync(facadeFirst ? facade : bare);
            var second = await TimeAsync(facadeFirst ? bare : facade);

            // The first round is a warm-up.
            if (round > 0)
            {
                facades.Add(facadeFirst ? first : second);
                bares.Add(facadeFirst ? second : first);
            }
        }

        var ratios = facades.Zip(bares, (ours, theirs) => theirs / ours).Order().ToList();
        var low = ratios[LowerRank(ratios.Count)];
        var high = ratios[ratios.Count - 1 - LowerRank(ratios.Count)];
        return new Measurement(
            name,
            Rate(facades),
            $"bare HttpClient: {Rate(bares)}",
            string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):0.00} ({low:0.00} to {high:0.00})"),
            string.Create(CultureInfo.InvariantCulture, $"at least {TargetMedian} ({TargetLow})"),
            Median(ratios) >= TargetMedian && low >= TargetLow);
    }

    /// <summary>
    /// Returns the index of the lower end of an interval for the median of ordered values, of at least 95 %, by the sign test: the largest
    /// rank that so few values fall below with a probability of 2.5 % at most.
    /// </summary>
    private static int LowerRank(int count)
    {
        var rank = 0;
        var combinations = 1.0;
        var probability = 1.0;
        while (probability / Math.Pow(2, count) <= 0.025)
        {
            rank++;
            combinations *= (count - rank + 1) / (double)rank;
            probability += combinations;
        }

        return Math.Max(0, rank - 1);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Rate(List<double> seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Size / 1e6 / Median(seconds):0} MB/s");
}
