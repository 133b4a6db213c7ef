using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using LalalAi.Sandbox;

namespace LalalAi.Benchmarks.Scenarios;

/// <summary>2 GB in both directions, in turns with a bare <see cref="HttpClient"/> that streams to and from the same server.</summary>
internal static class TransferScenarios
{
    private const long Size = 2_000_000_000;
    private const int Rounds = 7;
    private const double Target = 0.95;

    public static async Task<IReadOnlyList<Measurement>> UploadAsync()
    {
        await using var server = new CannedServer("""{"id":"3f0c6a1e-7b52-4d8f-9a64-c1e85d20b7f3","name":"a.mp3","size":2000000000,"duration":1,"expires":1999999999}""");
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = server.BaseAddress, LicenseKey = "key" });
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        return
        [
            await CompareAsync(
                "upload of 2 GB",
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
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Speed = double.PositiveInfinity, MinutesPerLicense = 1e9 });
        await using var client = new LalalAiClient(new LalalAiClientOptions { BaseAddress = sandbox.BaseAddress, LicenseKey = sandbox.LicenseKey });
        var source = await client.UploadAsync(new SyntheticStream(Size), "a.mp3");
        var done = await client.WaitAsync(await client.StartAsync(source.Id, new DemuserPresets()));
        var folder = Directory.CreateTempSubdirectory("lalalai-benchmarks-");
        using var http = new HttpClient();
        try
        {
            return
            [
                await CompareAsync(
                    "download of 2 GB to a file",
                    async () => File.Delete((await client.DownloadAsync(done.Tracks[0], folder.FullName)).Path!),
                    async () =>
                    {
                        var path = Path.Combine(folder.FullName, "bare");
                        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
                        {
                            await using var body = await http.GetStreamAsync(done.Tracks[0].Url);
                            await body.CopyToAsync(file);
                        }

                        File.Delete(path);
                    }),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Measurement> CompareAsync(string name, Func<Task> facade, Func<Task> bare)
    {
        var facades = new List<double>();
        var bares = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            // Who comes second may find the disk busy with what the first left to it.
            var facadeFirst = round % 2 == 0;
            var first = await TimeAsync(facadeFirst ? facade : bare);
            var second = await TimeAsync(facadeFirst ? bare : facade);

            // The first round is for warming up.
            if (round > 0)
            {
                facades.Add(facadeFirst ? first : second);
                bares.Add(facadeFirst ? second : first);
            }
        }

        var ratio = Median(bares) / Median(facades);
        return new Measurement(name, Rate(facades), $"bare HttpClient: {Rate(bares)}", ratio.ToString("0.00", CultureInfo.InvariantCulture), $"at least {Target.ToString(CultureInfo.InvariantCulture)}", ratio >= Target);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Rate(List<double> seconds) => string.Create(CultureInfo.InvariantCulture, $"{Size / 1e6 / Median(seconds):0} MB/s");
}
