using System.Text;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Updating;

namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class UpdateFromAddressTests : UpdateTestBase
{
    private static readonly byte[] NewerBytes = Encoding.UTF8.GetBytes(Newer);

    [Test]
    public void The_facts_of_a_published_contract_are_merged_into_the_vendored_one()
    {
        using var server = new LoopbackServer($"HTTP/1.1 200 OK\nContent-Type: application/yaml\nContent-Length: {NewerBytes.Length}", NewerBytes);
        var run = Update(server.Address);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        AssertContractIs(Merged);
        Assert.That(Folder.Names, Is.EqualTo(new[] { "lalalai.yml" }));
    }

    [TestCase("404 Not Found")]
    [TestCase("500 Internal Server Error")]
    public void Another_status_changes_nothing(string status)
    {
        using var server = new LoopbackServer($"HTTP/1.1 {status}\nContent-Length: {NewerBytes.Length}", NewerBytes);
        AssertFailed(Update(server.Address), "LC0402", status, server.Address, "Check the address");
    }

    [TestCase("text/html; charset=utf-8", "Anything")]
    [TestCase("application/yaml", "  <!doctype html><title>Docs</title>")]
    public void A_web_page_changes_nothing(string type, string page)
    {
        using var server = new LoopbackServer($"HTTP/1.1 200 OK\nContent-Type: {type}\nContent-Length: {page.Length}", Encoding.ASCII.GetBytes(page));
        AssertFailed(Update(server.Address), "LC0403", server.Address, "web page");
    }

    [TestCase("Content-Length: 4096")]
    [TestCase("Transfer-Encoding: chunked")]
    public void A_body_that_breaks_off_changes_nothing(string header)
    {
        var body = header.StartsWith("Transfer", StringComparison.Ordinal) ? [.. Encoding.ASCII.GetBytes($"{NewerBytes.Length:x}\r\n"), .. NewerBytes, .. "\r\n"u8.ToArray()] : NewerBytes;
        using var server = new LoopbackServer($"HTTP/1.1 200 OK\n{header}", body);
        AssertFailed(Update(server.Address), "LC0401", server.Address, "Try again");
    }

    [Test]
    public void A_server_that_stalls_changes_nothing()
    {
        using var server = new LoopbackServer("HTTP/1.1 200 OK\nContent-Length: 4096", NewerBytes, hangs: true);
        AssertFailed(Update(server.Address, "--timeout", "1"), "LC0401", "within 1 seconds", "--timeout");
    }

    [Test]
    public void A_server_that_is_not_there_changes_nothing()
    {
        string address;
        using (var server = new LoopbackServer("", []))
        {
            address = server.Address;
        }

        AssertFailed(Update(address), "LC0401", address);
    }

    // Announced, it is not even waited for; unannounced, it is cut short.
    [TestCase("Content-Length: 4000000", 16, true)]
    [TestCase("Connection: close", 2048, false)]
    public async Task A_document_of_unlikely_size_is_not_read_to_its_end(string header, int sent, bool hangs)
    {
        using var server = new LoopbackServer($"HTTP/1.1 200 OK\n{header}", new byte[sent], hangs);
        var download = new ContractDownload(TimeSpan.FromSeconds(5), maximumBytes: 1024);
        var exception = (await Assert.ThrowsAsync<ContractException>(() => download.GetAsync(new Uri(server.Address), CancellationToken.None)))!;
        Assert.That(exception.Code, Is.EqualTo("LC0404"));
        Assert.That(exception.Message, Does.Contain("1 KiB"));
    }

    [TestCase("http://www.example.com/openapi.json")]
    [TestCase("ftp://www.example.com/openapi.json")]
    public void An_address_that_is_not_https_is_not_downloaded(string address) => AssertFailed(Update(address), "LC0407", address, "https");

    [TestCase("http://www.example.com/openapi.json", "LC0407", "https")]
    [TestCase("file:///etc/passwd", "LC0407", "https")]
    public void A_redirect_to_an_address_that_is_not_https_is_not_followed(string location, string code, string words)
    {
        using var server = new LoopbackServer($"HTTP/1.1 302 Found\nLocation: {location}\nContent-Length: 0", []);
        AssertFailed(Update(server.Address), code, words);
    }

    [Test]
    public void A_redirect_between_loopback_addresses_is_followed()
    {
        using var target = new LoopbackServer($"HTTP/1.1 200 OK\nContent-Length: {NewerBytes.Length}", NewerBytes);
        using var server = new LoopbackServer($"HTTP/1.1 307 Temporary Redirect\nLocation: {target.Address}\nContent-Length: 0", []);
        Assert.That(Update(server.Address).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Redirects_come_to_an_end()
    {
        var servers = new List<LoopbackServer> { new("HTTP/1.1 200 OK\nContent-Length: 0", []) };
        try
        {
            for (var hop = 0; hop < 6; hop++)
            {
                servers.Add(new LoopbackServer($"HTTP/1.1 301 Moved Permanently\nLocation: {servers[^1].Address}\nContent-Length: 0", []));
            }

            AssertFailed(Update(servers[^1].Address), "LC0402", "redirects");
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    [Test]
    public void The_time_to_wait_must_be_positive() => Assert.That(Update("newer.yml", "--timeout", "0").Error, Does.Contain("error LC0000: ").And.Contain("--timeout"));
}
