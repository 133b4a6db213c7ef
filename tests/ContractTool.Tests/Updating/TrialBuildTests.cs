using LalalAi.Contracts.Documents;
using LalalAi.ContractTool.Updating;

namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>Slow builds of the client: one with everything that <c>update</c> accepts, and one that fails.</summary>
[Category("Slow")]
[NonParallelizable]
internal sealed class TrialBuildTests
{
    private static readonly string? Overlay = ContractFiles.Overlay;

    private TemporaryFolder _folder = null!;
    private string _code = null!;

    private static IEnumerable<Future> Accepted => Future.All.Where(future => future.ExitCode is 1 or 2);

    [OneTimeSetUp]
    public async Task BuildAllFuturesAtOnce()
    {
        _folder = new TemporaryFolder();
        var published = OpenApiDocument.Load(ContractFiles.Contract);
        foreach (var future in Accepted)
        {
            future.Change(published);
        }

        var contract = _folder.Write("lalalai.yml", File.ReadAllText(ContractFiles.Contract));
        var run = Tool.Run(["update", _folder.Write("published.json", published.ToJson()), "--contract", contract, "--no-build", .. Overlay is null ? Array.Empty<string>() : ["--overlay", Overlay]]);
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((2, "")));
        _code = await new TrialBuild(File.ReadAllText(contract), Overlay).RunAsync(CancellationToken.None);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(nameof(Accepted))]
    public void Accepted_update_compiles_and_has_its_code(object future)
    {
        var code = ((Future)future).Code ?? "partial class LalalAiApiClient";
        Assert.That(_code.Contains(code, StringComparison.Ordinal), Is.True, $"The generated code has no `{code}`.");
    }

    [Test]
    public async Task A_build_that_fails_is_reported_with_its_errors()
    {
        var build = new TrialBuild(Yaml.TextWithSchemas("Subject: {if: {type: string}}"), overlayFile: null);
        var exception = (await Assert.ThrowsAsync<ContractException>(() => build.RunAsync(CancellationToken.None)))!;
        Assert.That(exception.Code, Is.EqualTo("LC0409"));
        Assert.That(exception.Message, Does.Contain("lalalai.yml(").And.Contain("error LC0300").And.Contain("csharp.overlay.yml"));
    }
}
