namespace LalalAi.FaultTests.Downloads;

/// <summary>
/// With any behavior of servers, and any number of processes that download one track into one folder: a file that has its final name is one version of the
/// track, whole, and of the size that the task reported.
/// </summary>
[CancelAfter(240_000)]
internal sealed class DownloadPropertyTests
{
    private const int Seed = 20_261_126;

    private static readonly ExistingFileBehavior[] Behaviors =
        [ExistingFileBehavior.Rename, ExistingFileBehavior.Overwrite, ExistingFileBehavior.Skip];

    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("lalalai-property-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Files_are_correct_with_any_server_behavior(CancellationToken cancellationToken)
    {
        const int Cases = 1_000;
        await TestContext.Out.WriteLineAsync($"seed {Seed}, {Cases} cases");
        var failures = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Cases), cancellationToken, async (number, token) =>
        {
            var random = new Random(Seed + number);
            var folder = Path.Combine(_folder, $"{number}");
            var existing = Behaviors[random.Next(Behaviors.Length)];
            await using var server = new RandomTrackServer(Seed + number);

            // Clients share nothing but the disk. One after another, and up to three at the same time.
            for (var round = 0; round < 2; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 4)).Select(async _ =>
                {
                    if (!await TryDownloadAsync(server, folder, existing, token))
                    {
                        Interlocked.Increment(ref failures);
                    }
                }));
                AssertRight(server, folder, number);
            }

            server.IsCalm = true;
            Assert.That(await TryDownloadAsync(server, folder, existing, token), Is.True, $"Case {number}: nothing is in the way.");
            AssertRight(server, folder, number);
        });
        await TestContext.Out.WriteLineAsync($"{failures} downloads were given no chance, and failed");
    }

    [Test]
    public async Task Files_are_correct_with_concurrent_processes(CancellationToken cancellationToken)
    {
        const int Cases = 12;
        await TestContext.Out.WriteLineAsync($"seed {Seed}, {Cases} cases");
        for (var number = 0; number < Cases; number++)
        {
            var random = new Random(-Seed - number);
            var folder = Path.Combine(_folder, $"{number}");
            var existing = Behaviors[random.Next(Behaviors.Length)];
            await using var server = new RandomTrackServer(-Seed - number);
            var track = DownloadProcess.MakeTrack(server.Address, server.Size);
            var processes = Enumerable.Range(0, random.Next(4)).Select(_ => DownloadProcess.Start(track, folder, existing)).ToList();
            try
            {
                if (random.Next(2) == 0 && processes.Count > 0)
                {
                    // Killed anywhere between its start and its end.
                    var requests = random.Next(1, 4);
                    await Task.WhenAny(
                        TestLimit.UntilAsync(
                            () => server.Requests >= requests, cancellationToken), processes[0].ExitAsync(cancellationToken));
                    await processes[0].KillAsync();
                }

                await TryDownloadAsync(server, folder, existing, cancellationToken);
                foreach (var process in processes)
                {
                    Assert.That(await process.ExitAsync(cancellationToken), Is.Not.EqualTo(2), process.Errors);
                }
            }
            finally
            {
                processes.ForEach(process => process.Dispose());
            }

            AssertRight(server, folder, number);
            server.IsCalm = true;
            Assert.That(
                await TryDownloadAsync(server, folder, existing, cancellationToken), Is.True, $"Case {number}: nothing is in the way.");
            AssertRight(server, folder, number);
        }
    }

    private static async Task<bool> TryDownloadAsync(
        RandomTrackServer server, string folder, ExistingFileBehavior existing, CancellationToken cancellationToken)
    {
        await using var client = DownloadProcess.CreateClient();
        var track = DownloadProcess.MakeTrack(server.Address, server.Size);
        try
        {
            await client.DownloadAsync(
                track, folder, new DownloadOptions { ExistingFile = existing }, cancellationToken: cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is LalalAiException or TimeoutException)
        {
            return false;
        }
    }

    private static void AssertRight(RandomTrackServer server, string folder, int number)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var path in Directory
            .GetFiles(folder)
            .Where(path => !path.EndsWith(".part", StringComparison.Ordinal) && !path.EndsWith(".part.json", StringComparison.Ordinal)))
        {
            var content = File.ReadAllBytes(path);
            Assert.That(
                server.Versions.Any(version => version.AsSpan().SequenceEqual(content)),
                Is.True,
                $"Case {number}: {path} has {content.Length} bytes.");
            Assert.That(content, Has.Length.EqualTo(server.Size ?? content.Length), $"Case {number}: {path}");
        }
    }
}
