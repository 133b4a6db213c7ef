using System.Text;
using LalalAi.ContractTool.Documents;
using LalalAi.ContractTool.Updating;

namespace LalalAi.ContractTool.Tests.Updating;

internal sealed class UpdateFromAddressTests : UpdateTestBase
{
    private static readonly byte[] NewerBytes = Encoding.UTF8.GetBytes(Newer);

    [Test]
    public void A_published_contract_replaces_the_vendored_one_byte_for_byte()
    {
        using var server = new LoopbackServer($"HTTP/1.1 200 OK\nContent-Type: application/yaml\nContent-Length: {NewerBytes.Length}", NewerBytes);
        var run = Update(server.Address);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((1, "")));
        AssertReplacedBy(Newer);
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

    [Test]
    public void The_time_to_wait_must_be_positive() => Assert.That(Update("newer.yml", "--timeout", "0").Error, Does.Contain("error LC0000: ").And.Contain("--timeout"));
}
