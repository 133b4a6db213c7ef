namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>A vendored contract in a folder of its own, which an update merges into or leaves as it was, byte for byte.</summary>
internal abstract class UpdateTestBase
{
    protected const string Vendored = "openapi: 3.1.0\r\ninfo: {title: Ours, version: 1.0.0}\r\npaths:\r\n  /a/: {post: {responses: {'200': {description: Our words.}}}}\r\n";

    /// <summary>One operation more, and everything else in other words.</summary>
    protected const string Newer = "# Theirs\nopenapi: 3.1.0\r\ninfo: {title: Theirs, version: 1.0.0}\npaths:\n  /b/: {post: {summary: Their words., responses: {}}}   \n  /a/: {post: {responses: {'200': {description: Their words.}}}}\n\n";

    /// <summary>What the vendored contract is after the update.</summary>
    protected const string Merged =
        """
        openapi: 3.1.0

        info:
          title: Ours
          version: 1.0.0

        paths:
          /b/:
            post:
              summary: Their words.
              responses: {}

          /a/:
            post:
              responses:
                '200':
                  description: Our words.

        """;

    protected TemporaryFolder Folder { get; private set; } = null!;

    protected string Contract => Folder["lalalai.yml"];

    [SetUp]
    public void MakeFolder()
    {
        Folder = new TemporaryFolder();
        Folder.Write("lalalai.yml", Vendored);
    }

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();

    /// <summary>Runs the command without its trial build, which takes its time and has tests of its own.</summary>
    protected Tool Update(string source, params string[] options) => Tool.Run(["update", source, "--contract", Contract, "--no-build", .. options]);

    protected void AssertContractIs(string text) => Assert.That(File.ReadAllText(Contract), Is.EqualTo(text));

    /// <summary>The update failed with this code and advice, and wrote no files.</summary>
    protected void AssertFailed(Tool run, string code, params string[] words)
    {
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")), run.Error);
        Assert.That(run.Error, Does.Contain($" : error {code}: ").And.EndWith($"{Contract} is unchanged.{Environment.NewLine}"));
        foreach (var word in words)
        {
            Assert.That(run.Error, Does.Contain(word));
        }

        AssertContractIs(Vendored);
        Assert.That(Folder.Names, Has.None.EndsWith(".tmp"));
    }
}
