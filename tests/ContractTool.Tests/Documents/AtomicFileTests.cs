using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Documents;

namespace LalalAi.ContractTool.Tests.Documents;

internal sealed class AtomicFileTests
{
    [Test]
    public void A_file_is_written_without_a_byte_order_mark_and_nothing_else_stays()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["made/a.txt"], "ä");
        Assert.That(File.ReadAllBytes(folder["made/a.txt"]), Is.EqualTo("ä"u8.ToArray()));
        Assert.That(Directory.GetFiles(folder["made"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_place_that_cannot_be_written_is_an_error_with_its_name()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["taken"]);
        var exception = Assert.Throws<ContractException>(() => AtomicFile.Write(folder["taken"], "text"));
        Assert.That(exception.Code, Is.EqualTo("LC0008"));
        Assert.That(exception.Location!.File, Is.EqualTo(folder["taken"]));
        Assert.That(folder.Names, Is.EqualTo(new[] { "taken" }));
    }

    [Test]
    public void A_folder_that_is_a_file_is_an_error_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "text");
        Assert.That(Assert.Throws<ContractException>(() => AtomicFile.Write(folder["file/a.txt"], "text"))!.Code, Is.EqualTo("LC0008"));
    }
}
