namespace LalalAi.ContractTool.Tests.Updating;

/// <summary>A vendored contract in a folder of its own, which an update replaces or leaves as it was, byte for byte.</summary>
internal abstract class UpdateTestBase
{
    protected const string Vendored = "openapi: 3.1.0\r\ninfo: {title: Ours, version: 1.0.0}\r\npaths:\r\n  /a/: {post: {responses: {'200': {description: Our words.}}}}\r\n";

    /// <summary>One operation more, and a comment and line ends that only a copy byte for byte keeps.</summary>
    protected const string Newer = "# Fünf Kommentare\nopenapi: 3.1.0\r\ninfo: {title: Theirs, version: 1.0.0}\npaths:\n  /a/: {post: {responses: {'200': {description: Their words.}}}}\n  /b/: {post: {}}   \n\n";

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

    protected Tool Update(string source, params string[] options) => Tool.Run(["update", source, "--contract", Contract, .. options]);

    protected void AssertReplacedBy(string text) => Assert.That(File.ReadAllBytes(Contract), Is.EqualTo(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>The update failed with this code, says what to do, and left nothing behind.</summary>
    protected void AssertFailed(Tool run, string code, params string[] words)
    {
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((3, "")), run.Error);
        Assert.That(run.Error, Does.Contain($" : error {code}: ").And.EndWith($"{Contract} is as it was.{Environment.NewLine}"));
        foreach (var word in words)
        {
            Assert.That(run.Error, Does.Contain(word));
        }

        AssertReplacedBy(Vendored);
        Assert.That(Folder.Names, Has.None.EndsWith(".tmp"));
    }
}
