using System.Diagnostics;
using Newtonsoft.Json.Linq;

namespace LalalAi.Sandbox.Tests;

/// <summary>Resources of the whole process. These tests run alone.</summary>
[NonParallelizable]
internal sealed class LoadTests
{
    private const int Sandboxes = 50;
    private const int Tasks = 1000;
    private const int IdsPerCheck = 200;

    [Test]
    public async Task Fifty_sandboxes_leave_no_port_file_or_thread_behind()
    {
        await UseAsync();
        var threadsBefore = Threads();
        var used = new List<(int[] Ports, string Folder)>();
        for (var sandbox = 0; sandbox < Sandboxes; sandbox++)
        {
            used.Add(await UseAsync());
        }

        // Another process may have been given a port meanwhile.
        Assert.That(Loopback.Listens([.. used.SelectMany(each => each.Ports)]), Is.LessThan(Sandboxes / 10));
        Assert.That(used.Select(each => each.Folder).Where(Directory.Exists), Is.Empty);
        Assert.That(Threads(), Is.LessThan(threadsBefore + (Sandboxes / 2)), "A thread for each sandbox would be twice as many.");
    }

    [Test]
    public async Task A_thousand_tasks_at_once_take_little_memory()
    {
        await using var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { MinutesPerLicense = 100_000 });
        using var client = new ApiClient(server);
        var source = await client.UploadSecondsAsync(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ids = new List<string>();
        for (var task = 0; task < Tasks; task++)
        {
            ids.Add(await client.SplitIdAsync(source));
        }

        foreach (var some in ids.Chunk(IdsPerCheck))
        {
            var response = await client.PostAsync("check/", new JObject { ["task_ids"] = new JArray(some) });
            Assert.That(response.Body["result"], Has.Exactly(IdsPerCheck).Items);
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Out.WriteLine($"{growth / Tasks} bytes for a task");
        Assert.That(growth, Is.LessThan(50_000_000));
        GC.KeepAlive(server);
    }

    /// <summary>The threads besides those of the pool, which come and go.</summary>
    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count - ThreadPool.ThreadCount;
    }

    /// <summary>Starts a sandbox, uses it and ends it.</summary>
    /// <returns>Its ports and its folder.</returns>
    private static async Task<(int[] Ports, string Folder)> UseAsync()
    {
        await using var server = await SandboxServer.StartAsync(SandboxFixture.DummyContent with { Speed = double.PositiveInfinity });
        using var client = new ApiClient(server);
        var link = new Uri((await client.GetLinksAsync(await client.SplitIdAsync(await client.UploadSecondsAsync(1))))["vocals"]);
        await client.Http.GetByteArrayAsync(link);
        Assert.That(Directory.GetFiles(server.Folder), Is.Not.Empty);
        return ([server.BaseAddress.Port, link.Port], server.Folder);
    }
}
