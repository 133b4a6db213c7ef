using System.Globalization;
using LalalAi.FaultTests.Wire;
using LalalAi.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace LalalAi.FaultTests.Soak;

/// <summary>
/// Many files at once for a while, with something going wrong on every connection. Half a minute with one seed
/// unless <c>LALALAI_SOAK_MINUTES</c> and <c>LALALAI_SOAK_SEED</c> are set. A seed determines the faults of each connection.
/// </summary>
[NonParallelizable]
internal sealed class SoakTests
{
    private const int Workers = 48;
    private const int Seed = 20_261_126;
    private const int Samples = 10;

    /// <summary>How long the client puts up with a stall, by the system's clock.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly ProcessOptions Options = new() { DeleteSource = true };

    [Test]
    public async Task Every_file_is_complete_or_reported_and_none_is_paid_twice()
    {
        var seed = Setting("LALALAI_SOAK_SEED") is { } chosen ? (int)chosen : Seed;
        var duration = TimeSpan.FromMinutes(Setting("LALALAI_SOAK_MINUTES") ?? 0.5);
        TestContext.Progress.WriteLine($"soak: seed {seed}, {duration}");
        await using var service = await TestService.StartAsync(speed: 100);
        AddFaultyChecks(service.Sandbox.Faults);
        var faults = new SeededFaults(seed);
        var tally = new SoakTally();
        FaultLog log;
        UsageReport report;
        await using (var faulty = new FaultyClient(service, faults.Api, faults.Links, Timeout.InfiniteTimeSpan, Configure, extend: builder => builder.Api.AddHttpMessageHandler(() => new ReplacedChecks(Replace))))
        {
            log = faulty.Log;
            var run = RunAsync(service, faulty, tally, duration);
            await run.WaitAsync(duration).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // What is in progress ends undisturbed: after failures only, a client pauses for half a minute between two checks.
            faulty.Calm();
            service.Sandbox.Faults.Clear();
            await run;
            await AssertWorksAsync(service, faulty, tally);
            await FinishAsync(service, tally);
            report = service.Report;
            // What is held after this is the client's, the proxies' and the process's own.
            service.Sandbox.Reset();
            await TestContext.Out.WriteLineAsync(tally.DescribeProcess());
        }

        await TestContext.Out.WriteLineAsync(string.Join(Environment.NewLine, tally.Describe(log, report, seed)));
        Assert.Multiple(() =>
        {
            Assert.That(tally.Problems, Is.Empty, () => string.Join(Environment.NewLine, log.Lines));
            Assert.That(tally.Complete, Is.Positive);
            Assert.That(report.StartsRepeated, Is.Zero);
            Assert.That(report.StartsWithoutIdempotencyKey, Is.Zero);
            Assert.That(report.LicenseKeysMisplaced, Is.Zero);
            Assert.That(log.Open, Is.Zero);
        });
    }

    /// <summary>Makes every tenth check fail. An entry of the plan does not count the requests that earlier entries apply to.</summary>
    private static void AddFaultyChecks(FaultPlan faults)
    {
        Fault[] kinds = [Fault.Html(502), Fault.Truncate(50), Fault.MissingTask];
        for (var number = 0; number < 3_000; number++)
        {
            faults.Add(kinds[number % kinds.Length], on: SandboxOperation.Check, skip: 9 * (number + 1));
        }
    }

    private static void Configure(LalalAiClientOptions options)
    {
        options.RequestTimeout = options.InactivityTimeout = options.UploadResponseTimeout = Patience;
        options.PollingInterval = TimeSpan.FromMilliseconds(500);
    }

    private static async Task RunAsync(TestService service, FaultyClient faulty, SoakTally tally, TimeSpan duration)
    {
        var started = TimeProvider.System.GetTimestamp();
        var files = 0;
        var samples = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(started) is var elapsed && elapsed < duration)
            {
                if (elapsed > duration * Volatile.Read(ref samples) / Samples)
                {
                    Interlocked.Increment(ref samples);
                    TestContext.Progress.WriteLine(tally.DescribeProcess());
                }

                var number = Interlocked.Increment(ref files);
                tally.Add(await ProcessAsync(faulty.Client, service.WriteSong(number), number));
            }
        }));
    }

    /// <summary>The client still works. The connections that it keeps have up to four faults each, and each fault may cost a file.</summary>
    private static async Task AssertWorksAsync(TestService service, FaultyClient faulty, SoakTally tally)
    {
        for (var left = 4 * faulty.Log.Open; ; left--)
        {
            var outcome = await ProcessAsync(faulty.Client, service.WriteSong(-left), 0);
            tally.Add(outcome);
            if (outcome.IsComplete)
            {
                return;
            }

            Assert.That(left, Is.Positive, () => $"{outcome.Reported[0]}");
        }
    }

    /// <summary>Without faults, what was begun can be completed, and what is on disk is right.</summary>
    private static async Task FinishAsync(TestService service, SoakTally tally)
    {
        await using var client = new FaultyClient(service, _ => [], _ => []);
        foreach (var unfinished in tally.Unfinished)
        {
            if (unfinished.Result is { } result)
            {
                // The source still exists, and the parts are resumed.
                var task = (TaskSucceeded)await client.Client.CheckAsync(result.TaskId);
                var tracks = await client.Client.DownloadAllAsync(task, Outcome.FolderOf(unfinished.Song), new DownloadOptions { ExistingFile = ExistingFileBehavior.Skip });
                var resumed = unfinished with { Result = result with { State = task, Tracks = tracks } };
                tally.Add(resumed.IsComplete ? resumed.Problem() : $"{unfinished.Song} cannot be resumed: {resumed.Reported[0]}");
            }
            else if (Directory.EnumerateFiles(Outcome.FolderOf(unfinished.Song)).Any())
            {
                tally.Add($"{unfinished.Song} ended with {unfinished.Error!.GetType().Name} and left a file.");
            }
        }
    }

    private static Task<Outcome> ProcessAsync(ILalalAiClient client, string song, int number) =>
        Outcome.OfAsync(song, (path, folder) => (number % 3) switch
        {
            0 => client.ProcessAsync(path, new DemuserPresets(), folder, Options),
            1 => client.ProcessAsync(path, new StemSeparatorPresets { Stem = Stem.Vocals }, folder, Options),
            _ => client.ProcessAsync(path, new MultistemPresets { StemList = [Stem.Drum, Stem.Bass] }, folder, Options),
        });

    private static string Replace(int check, string response) => (check % 20) switch
    {
        7 => ReplacedChecks.Html(response),
        15 => ReplacedChecks.Half(response),
        _ => response,
    };

    private static double? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
