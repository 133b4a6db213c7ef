using System.Diagnostics;
using LalalAi.Cli.Connection;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Cli.Tests;

/// <summary>The way to the service: what keeps it from working, and how fast it may be.</summary>
public sealed class ConnectionTests : ServiceFixture
{
    [Test]
    public async Task Http_that_is_addressed_as_https_is_explained_and_not_retried()
    {
        Environment.SetEnvironmentVariable(LalalAiClientOptions.BaseAddressVariable, $"https://127.0.0.1:{Sandbox.BaseAddress.Port}/");

        var run = await CommandRun.StartAsync("minutes", "-v");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(
            run.Messages,
            Does.Contain("No secure connection").And
                .Contain("Check the scheme").And.Not
                .Contain("inner exception").And.Not
                .Contain("Retry"));
    }

    [Test]
    public async Task Bandwidth_is_shared_by_all_transfers()
    {
        var clock = new FakeTimeProvider();
        var limit = new BandwidthLimit(1_000_000, clock);

        var first = limit.WaitAsync(2_000_000, CancellationToken.None);
        var second = limit.WaitAsync(1_000_000, CancellationToken.None);
        var third = limit.WaitAsync(1, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(2));
        await second;

        Assert.That((first.IsCompleted, third.IsCompleted), Is.EqualTo((true, false)));
        clock.Advance(TimeSpan.FromSeconds(1));
        await third;
    }

    [Test]
    public async Task Run_with_a_bandwidth_takes_as_long_as_that_allows()
    {
        SongFile.Write(Root, seconds: 1);
        var began = Stopwatch.GetTimestamp();

        // 88 kB up and twice as much down.
        var run = await RunAsync("split", "--bwlimit", "200k");

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(Stopwatch.GetElapsedTime(began), Is.GreaterThan(TimeSpan.FromSeconds(1)));
        Assert.That(SongFile.Samples(Track("vocals.wav")), Is.Not.Empty);
    }

    [TestCase("0")]
    [TestCase("fast")]
    [TestCase("-1M")]
    public async Task Bandwidth_that_is_not_one_is_a_mistake(string limit)
    {
        var run = await RunAsync("split", "--bwlimit", limit);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain($"--bwlimit is '{limit}'"));
    }

    [Test]
    public async Task Doctor_finds_nothing_wrong_with_a_service_that_works()
    {
        var run = await CommandRun.StartAsync("doctor", "--json", "-o", Root);

        var findings = run.Events("checked").ToDictionary(line => (string)line["name"]!);
        Assert.That(run.ExitCode, Is.Zero, run.Data);
        Assert.That(
            findings.Keys,
            Is.EquivalentTo(
                new[] { "Version", "Terminal", "Disk", "ffmpeg", "ffprobe", "Service", "Proxy", "Reached", "Clock", "License key" }));
        Assert.That(
            (string?)findings["License key"]["value"],
            Does.Contain("accepted, 600 minutes left").And.Contain(LalalAiClientOptions.LicenseKeyVariable));
        Assert.That((string?)findings["Clock"]["value"], Is.EqualTo("as that of the service"));
        Assert.That(run.Data, Does.Not.Contain(Sandbox.LicenseKey));
    }

    [Test]
    public async Task Doctor_names_a_rejected_key_and_what_to_do()
    {
        Environment.SetEnvironmentVariable(LalalAiClientOptions.LicenseKeyVariable, "a-wrong-license-key-0815");

        var run = await CommandRun.StartAsync("doctor");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            run.Data,
            Does.Match(
                @"FAILED +License key +…0815 from LALALAI_LICENSE_KEY, rejected\s+Compare it").And.Not.Contain("wrong-license"));
    }

    [Test]
    public async Task Doctor_reports_a_service_that_cannot_be_reached()
    {
        await Sandbox.DisposeAsync();

        var run = await CommandRun.StartAsync("doctor", "--json");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            run.Events("checked").Where(line => (string?)line["status"] == "failed").Select(line => (string?)line["name"]),
            Is.EqualTo(new[] { "Reached", "License key" }));
    }
}
