using LalalAi.Contracts.Documents;

namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>Possible future changes of the contract: <c>update</c> reports and merges each one, or rejects it with advice.</summary>
internal sealed class FutureTests
{
    private static readonly OpenApiDocument Current = OpenApiDocument.Load(ContractFiles.Contract);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(Future), nameof(Future.All))]
    public void Update_reports_the_change(object future)
    {
        var (published, contract, run) = Update((Future)future);
        var expected = (Future)future;
        Assert.That(run.ExitCode, Is.EqualTo(expected.ExitCode), run.Output + run.Error);
        Assert.That(expected.ExitCode == 3 ? run.Error : run.Output, Does.Contain(expected.Report));

        // Taken over, nothing is left to take over; refused, nothing was.
        Assert.That(Tool.Run("diff", contract, expected.ExitCode == 3 ? ContractFiles.Contract : published).ExitCode, Is.Zero);
        Assert.That(Tool.Run("format", contract, "--check").ExitCode, Is.Zero);
    }

    private (string Published, string Contract, Tool Run) Update(Future future)
    {
        var document = Current.Copy();
        future.Change(document);
        var published = _folder.Write("published.json", document.ToJson());
        var contract = _folder.Write("lalalai.yml", File.ReadAllText(ContractFiles.Contract));
        string[] overlay = ContractFiles.Overlay is null ? [] : ["--overlay", ContractFiles.Overlay];
        return (published, contract, Tool.Run(["update", published, "--contract", contract, "--no-build", .. overlay]));
    }
}
