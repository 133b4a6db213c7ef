using System.Diagnostics;
using LalalAi.Cli.Connection;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LalalAi.Cli.Tests;

/// <summary>The connection to the service: failures, and the bandwidth limit.</summary>
public sealed class ConnectionTests : ServiceFixture
{
    [Test]
    public async Task Http_that_is_addressed_as_https_is_explained_and_not_retried()
    {
        Variables[LalalAiClientOptions.BaseAddressVariable] = $"https://127.0.0.1:{Sandbox.BaseAddress.Port}/";

        var run = await StartAsync("minutes", "-v");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(
            run.Messages,
            Does.Contain("No secure connection").And
                .Contain("Check the scheme").And.Not
                .Contain("inner exception").And.Not
                .Contain("Retry"));
    }

    [Test]
    public async Task Address_with_a_wrong_path_is_a_mistake([Values] bool isRun)
    {
        Variables[LalalAiClientOptions.BaseAddressVariable] = $"{Sandbox.BaseAddress}v2/";

        var run = await (isRun ? RunAsync("split") : StartAsync("minutes"));

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(
            run.Messages,
            Does.Contain($"was not found at {Sandbox.BaseAddress}v2/ (HTTP 404). Check the environment variable LALALAI_BASE_URL."));
    }

    [TestCase("ftp://lalal.example/", "an absolute https URL")]
    [TestCase("http://lalal.example/", "plain http")]
    [TestCase("https://lalal.example/?key=1", "a query")]
    public async Task Address_that_is_not_valid_is_named_as_users_know_it(string address, string reason)
    {
        Variables[LalalAiClientOptions.BaseAddressVariable] = address;

        var run = await StartAsync("minutes");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Messages);
        Assert.That(run.Messages, Does.Contain(LalalAiClientOptions.BaseAddressVariable).And.Contain(reason).And.Not.Contain("BaseAddress"));
    }

    [TestCase("localhost", "UntrustedRoot")]
    [TestCase("other.example", "RemoteCertificateNameMismatch")]
    public async Task Certificate_that_is_not_valid_is_explained_and_not_retried(string host, string reason)
    {
        await using var server = new TlsServer(host);
        Variables[LalalAiClientOptions.BaseAddressVariable] = server.Address.ToString();

        var run = await RunAsync("split");

        Assert.That((run.ExitCode, server.Connections), Is.EqualTo((2, 1)), run.Messages);
        Assert.That(
            run.Messages,
            Does.Contain($"No secure connection to {server.Address.Authority}").And
                .Contain(reason).And
                .Contain("SSL_CERT_FILE").And.Not
                .Contain("inner exception"));
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
        var run = await StartAsync("doctor", "--json", "-o", Root);

        var findings = run.Events("checked").ToDictionary(line => (string)line["name"]!);
        Assert.That(run.ExitCode, Is.Zero, run.Data);
        Assert.That(
            findings.Keys,
            Is.EquivalentTo(
                new[] { "Version", "Terminal", "Disk", "ffmpeg", "ffprobe", "Service", "Proxy", "Reached", "Clock", "Contract", "License key" }));
        Assert.That(
            (string?)findings["License key"]["value"],
            Does.Contain("accepted, 600 minutes left").And.Contain(LalalAiClientOptions.LicenseKeyVariable));
        Assert.That((string?)findings["Clock"]["value"], Does.Match("^(as that of|[0-9]+ seconds (behind|ahead of)) the service$"));
        Assert.That((string?)findings["Contract"]["value"], Does.StartWith("the same as that of this version (1.1.0)"));
        Assert.That(run.Data, Does.Not.Contain(Sandbox.LicenseKey));
    }

    [Test]
    public async Task Doctor_lists_what_the_published_contract_has_more_or_less()
    {
        using var http = new HttpClient();
        var contract = JObject.Parse(await http.GetStringAsync(new Uri(Sandbox.BaseAddress, "api/v1/openapi.json")));
        ((JArray)contract.SelectToken("$.components.schemas.StemSeparatorSplitterPresetsV1.properties.stem.enum")!).Add("guitar");
        ((JObject)contract["paths"]!).Remove("/api/v1/cancel/all/");
        await using var server = Publish(contract.ToString());

        var text = await StartAsync("doctor");
        var json = await StartAsync("doctor", "--json");

        var finding = json.Events("checked").Single(line => (string?)line["name"] == "Contract");
        Assert.That((text.ExitCode, (string?)finding["status"]), Is.EqualTo((0, "warning")), text.Data);
        Assert.That(
            finding["details"]!.Select(line => (string?)line),
            Is.EqualTo(new[]
            {
                "- operation POST /api/v1/cancel/all/ (breaking: code that calls it no longer compiles)",
                "+ StemSeparatorSplitterPresetsV1.stem: value guitar",
            }));
        Assert.That(
            text.Data,
            Does.Match(@"warning +Contract +2 differences from that of this version \(1\.1\.0\), 1 of them breaking\s+- operation POST"));
    }

    [TestCase("<html>", "web page")]
    [TestCase("{", "not valid JSON")]
    public async Task Doctor_continues_without_a_contract_that_can_be_read(string published, string reason)
    {
        await using var server = Publish(published);

        var run = await StartAsync("doctor");

        Assert.That(run.ExitCode, Is.Zero, run.Data);
        Assert.That(run.Data, Does.Match(@"warning +Contract +not compared: ").And.Contain(reason).And.Contain("accepted, 1 minutes left"));
    }

    [Test]
    public async Task Doctor_finds_the_contract_below_an_address_without_a_slash_at_its_end()
    {
        await using var server = Publish("{");
        Variables[LalalAiClientOptions.BaseAddressVariable] = $"{server.Address}lalal";

        await StartAsync("doctor");

        Assert.That(server.Requests.Select(request => request.Path), Has.Member("/lalal/api/v1/openapi.json"));
    }

    [Test]
    public async Task Doctor_names_a_rejected_key_and_what_to_do()
    {
        Variables[LalalAiClientOptions.LicenseKeyVariable] = "a-wrong-license-key-0815";

        var run = await StartAsync("doctor");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            run.Data,
            Does.Match(
                @"FAILED +License key +…0815 from LALALAI_LICENSE_KEY, rejected\s+Compare it").And.Not.Contain("wrong-license"));
    }

    [Test]
    public async Task Doctor_reports_a_damaged_file_of_stored_keys_and_everything_else()
    {
        Variables.Remove(LalalAiClientOptions.LicenseKeyVariable);
        var keys = Path.Combine(Directory.CreateDirectory(Home).FullName, "license-keys.json");
        await File.WriteAllTextAsync(keys, "{ damaged");

        var run = await StartAsync("doctor", "--json");

        Assert.That((run.ExitCode, run.Messages), Is.EqualTo((1, string.Empty)));
        Assert.That(
            run.Events("checked").Select(line => (string?)line["name"]),
            Is.SupersetOf(new[] { "Version", "Disk", "Service", "Reached", "Contract", "License key" }));
        Assert.That(
            (string?)run.Events("checked").Single(line => (string?)line["status"] == "failed")["value"],
            Does.Contain(keys).And.Contain("Remove it, and run `lalalai login` again."));
    }

    [Test]
    public async Task Doctor_reports_a_service_that_cannot_be_reached()
    {
        using var port = new ClosedPort();
        Variables[LalalAiClientOptions.BaseAddressVariable] = port.Address.ToString();

        var run = await StartAsync("doctor", "--json");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            run.Events("checked").Where(line => (string?)line["status"] == "failed").Select(line => (string?)line["name"]),
            Is.EqualTo(new[] { "Reached", "License key" }));
    }

    /// <summary>Starts a service that publishes a document as its contract, and accepts every key.</summary>
    private ScriptedServer Publish(string contract)
    {
        var server = ScriptedServer.Start(request => new ScriptedResponse
        {
            ContentType = "application/json",
            Body = request.Path == "/api/v1/openapi.json" ? contract : """{ "minutes_left": 1 }""",
        });
        Variables[LalalAiClientOptions.BaseAddressVariable] = server.Address.ToString();
        return server;
    }
}
