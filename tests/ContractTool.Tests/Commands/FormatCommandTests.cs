namespace LalalAi.ContractTool.Tests.Commands;

internal sealed class FormatCommandTests
{
    private const string Formatted = "openapi: 3.1.0\n\npaths:\n  /a/: {}\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("openapi: 3.1.0\r\npaths: {/a/: {}}")]
    [TestCase("{\"openapi\": \"3.1.0\", \"paths\": {\"/a/\": {}}}")]
    public void Layout_that_differs_is_reported_by_a_check_and_replaced_without_one(string text)
    {
        var file = _folder.Write("contract.yml", text);

        var check = Tool.Run("format", file, "--check");
        Assert.That((check.ExitCode, File.ReadAllText(file)), Is.EqualTo((1, text)));
        Assert.That(check.Output, Does.Contain("not formatted").And.Contain("-- format"));

        Assert.That(Tool.Run("format", file).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(file), Is.EqualTo(Formatted));
    }

    [Test]
    public void A_formatted_file_is_not_written_again()
    {
        var file = _folder.Write("contract.yml", Formatted);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.That(Tool.Run("format", file).Output, Does.Contain("is formatted"));
        Assert.That(File.GetLastWriteTimeUtc(file), Is.EqualTo(DateTime.UnixEpoch));
    }
}
