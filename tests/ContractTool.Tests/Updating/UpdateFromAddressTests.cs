using System.Text;
using LalalAi.Contracts.Documents;
using LalalAi.Contracts.Downloads;

namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class UpdateFromAddressTests : UpdateTestBase
{
    private static readonly byte[] NewerBytes = Encoding.UTF8.GetBytes(Newer);
    private static readonly ScriptedResponse Document = new() { Content = NewerBytes };

    [Test]
    public async Task The_facts_of_a_published_contract_are_merged_into_the_vendored_one()
    {
        await using var server = ScriptedServer.Start(_ => Document with { ContentType = "application/yaml" });
        var run = Update(server.Address);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        AssertContractIs(Merged);
        Assert.That(Folder.Names, Is.EqualTo(new[] { "lalalai.yml" }));
    }

    [TestCase(404)]
    [TestCase(500)]
    public async Task Unexpected_status_changes_nothing(int status)
    {
        await using var server = ScriptedServer.Start(_ => Document with { Status = status });
        AssertFailed(Update(server.Address), "LC0402", $"{status}", server.Address.AbsoluteUri, "Check the address");
    }

    [TestCase("text/html; charset=utf-8", "Anything")]
    [TestCase("application/yaml", "  <!doctype html><title>Docs</title>")]
    public async Task A_web_page_changes_nothing(string type, string page)
    {
        await using var server = ScriptedServer.Start(_ => new ScriptedResponse { Body = page, ContentType = type });
        AssertFailed(Update(server.Address), "LC0403", server.Address.AbsoluteUri, "web page");
    }

    [Test]
    public async Task Truncated_body_changes_nothing([Values] bool isChunked)
    {
        var cut = isChunked
            ? new ScriptedResponse
            {
                Content = [.. Encoding.ASCII.GetBytes($"{NewerBytes.Length:x}\r\n"), .. NewerBytes, .. "\r\n"u8.ToArray()],
                ContentLength = -1,
                Headers = ["Transfer-Encoding: chunked"],
            }
            : Document with { ContentLength = 4096 };
        await using var server = ScriptedServer.Start(_ => cut);
        AssertFailed(Update(server.Address), "LC0401", server.Address.AbsoluteUri, "Try again");
    }

    [Test]
    public async Task A_server_that_stalls_changes_nothing()
    {
        await using var server = ScriptedServer.Start(_ => Document with { ContentLength = 4096, HoldAfter = NewerBytes.Length });
        AssertFailed(Update(server.Address, "--timeout", "1"), "LC0401", "within 1 seconds", "--timeout");
    }

    [Test]
    public void Unreachable_server_changes_nothing()
    {
        using var nowhere = new ClosedPort();
        AssertFailed(Update(nowhere.Address), "LC0401", nowhere.Address.AbsoluteUri);
    }

    // Announced, it is not even waited for; unannounced, it is cut short.
    [TestCase(4_000_000, 16)]
    [TestCase(-1, 2048)]
    public async Task A_document_of_unlikely_size_is_not_read_to_its_end(long length, int sent)
    {
        await using var server = ScriptedServer.Start(
            _ => new ScriptedResponse { Content = new byte[sent], ContentLength = length, HoldAfter = sent });
        var download = new ContractDownload(TimeSpan.FromMinutes(5), maximumBytes: 1024);
        var exception = (await Assert.ThrowsAsync<ContractException>(() => download.GetAsync(server.Address, CancellationToken.None)))!;
        Assert.That(exception.Code, Is.EqualTo("LC0404"));
        Assert.That(exception.Message, Does.Contain("1 KiB"));
    }

    [TestCase("http://www.example.com/openapi.json")]
    [TestCase("ftp://www.example.com/openapi.json")]
    public async Task An_address_that_is_not_https_is_not_downloaded(string address) => AssertFailed(Update(address), "LC0407", address, "https");

    [TestCase("http://www.example.com/openapi.json", "LC0407", "https")]
    [TestCase("file:///etc/passwd", "LC0407", "https")]
    public async Task A_redirect_to_an_address_that_is_not_https_is_not_followed(string location, string code, string words)
    {
        await using var server = ScriptedServer.Start(_ => Redirect(302, location));
        AssertFailed(Update(server.Address), code, words);
    }

    [Test]
    public async Task A_redirect_between_loopback_addresses_is_followed()
    {
        await using var target = ScriptedServer.Start(_ => Document);
        await using var server = ScriptedServer.Start(_ => Redirect(307, target.Address.AbsoluteUri));
        Assert.That(Update(server.Address).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Redirects_are_limited()
    {
        await using var server = ScriptedServer.Start(request => Redirect(301, $"/{request.Number}"));
        AssertFailed(Update(server.Address), "LC0402", "redirects");
    }

    [Test]
    public void Timeout_must_be_positive() => Assert.That(Update("newer.yml", "--timeout", "0").Error, Does.Contain("error LC0000: ").And.Contain("--timeout"));

    private static ScriptedResponse Redirect(int status, string location) => new() { Status = status, Headers = [$"Location: {location}"] };

    private Tool Update(Uri address, params string[] options) => Update(address.AbsoluteUri, options);
}
