using System.Text.Json;

namespace LalalAi.AI.Tests;

public sealed class AllowedFoldersTests : AgentFixture
{
    private const string Secret = "ACCESS-SECRET-OF-ANOTHER-FOLDER";

    private string Outside => Path.Combine(Root, "outside");

    [SetUp]
    public void Make_other_files()
    {
        Directory.CreateDirectory(Outside);
        File.Copy(Song, Path.Combine(Outside, "secret.wav"));
        File.WriteAllText(Path.Combine(Songs, "notes.txt"), Secret);
        File.WriteAllText(Path.Combine(Songs, "empty.wav"), string.Empty);
        Directory.CreateDirectory(Path.Combine(Songs, "folder.wav"));
        Directory.CreateDirectory(Path.Combine(Root, "songs-of-others"));
        File.Copy(Song, Path.Combine(Root, "songs-of-others", "song.wav"));
    }

    [TestCase("../outside/secret.wav")]
    [TestCase("sub/../../outside/secret.wav")]
    [TestCase("..\\outside\\secret.wav")]
    [TestCase("../songs-of-others/song.wav")]
    [TestCase("{root}/outside/secret.wav")]
    [TestCase("{root}/songs-of-others/song.wav")]
    [TestCase("{root}/songs/../outside/secret.wav")]
    [TestCase("/etc/passwd")]
    [TestCase("/dev/zero")]
    [TestCase("/dev/stdin")]
    [TestCase("/proc/self/environ")]
    [TestCase("file:///etc/passwd")]
    [TestCase("http://127.0.0.1/song.wav")]
    [TestCase("\\\\server\\share\\song.wav")]
    [TestCase("~/song.wav")]
    [TestCase("$HOME/song.wav")]
    [TestCase("%2e%2e/outside/secret.wav")]
    [TestCase("．．／outside／secret.wav")]
    [TestCase("song.wav\u0000.txt")]
    [TestCase("song\u202Evaw.wav")]
    [TestCase("song.wav\n")]
    [TestCase("song\uD800.wav")]
    [TestCase("sоng.wav")]
    [TestCase("notes.txt")]
    [TestCase("empty.wav")]
    [TestCase("folder.wav")]
    [TestCase("missing.wav")]
    [TestCase(".")]
    [TestCase("")]
    public Task Files_outside_of_the_allowed_folders_are_rejected(string path) => AssertRefusedAsync(path.Replace("{root}", Root, StringComparison.Ordinal));

    [Test]
    [Platform("Unix")]
    public async Task Links_out_of_the_allowed_folders_are_rejected()
    {
        File.CreateSymbolicLink(Path.Combine(Songs, "link.wav"), Path.Combine(Outside, "secret.wav"));
        File.CreateSymbolicLink(Path.Combine(Songs, "relative.wav"), "../outside/secret.wav");
        File.CreateSymbolicLink(Path.Combine(Songs, "second.wav"), "link.wav");
        File.CreateSymbolicLink(Path.Combine(Songs, "cycle.wav"), "cycle.wav");
        File.CreateSymbolicLink(Path.Combine(Songs, "device.wav"), "/dev/zero");
        Directory.CreateSymbolicLink(Path.Combine(Songs, "linked"), Outside);

        foreach (var path in new[] { "link.wav", "relative.wav", "second.wav", "cycle.wav", "device.wav", "linked/secret.wav", "linked/../outside/secret.wav" })
        {
            await AssertRefusedAsync(path);
        }
    }

    /// <summary>A hard link is a file of its own: no system tells which of its names came first.</summary>
    [Test]
    [Platform("Unix")]
    public async Task Hard_links_below_the_allowed_folders_are_recordings_like_any_other()
    {
        await TestProcess.RunAsync("ln", Path.Combine(Outside, "secret.wav"), Path.Combine(Songs, "link.wav"));
        await using var functions = LalalAiFunctions.Create(Client, Options);

        var linked = await CallAsync(functions, "estimate", """{ "file": "link.wav" }""");

        Assert.That(linked.GetProperty("minutes").GetDouble(), Is.EqualTo(Price));
    }

    [Test]
    [Platform("Unix")]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Pipes_are_rejected_without_being_opened(CancellationToken cancellationToken)
    {
        await TestProcess.RunAsync("mkfifo", Path.Combine(Songs, "pipe.wav"));

        await Task.Run(() => AssertRefusedAsync("pipe.wav"), cancellationToken).WaitAsync(cancellationToken);
    }

    [Test]
    [Platform("Unix")]
    public async Task Links_within_the_allowed_folders_are_followed()
    {
        File.CreateSymbolicLink(Path.Combine(Songs, "link.wav"), "song.wav");
        await using var functions = LalalAiFunctions.Create(Client, Options);

        foreach (var path in new[] { "song.wav", "./song.wav", "link.wav", Song })
        {
            var result = await CallAsync(functions, "estimate", JsonSerializer.Serialize(new { file = path }));
            Assert.That(result.GetProperty("minutes").GetDouble(), Is.EqualTo(Price).Within(1e-9), path);
        }
    }

    private async Task AssertRefusedAsync(string path)
    {
        await using var functions = LalalAiFunctions.Create(Client, Options);
        var arguments = $$"""{ "file": {{JsonSerializer.Serialize(path)}} }""";
        foreach (var name in new[] { "estimate", "split" })
        {
            var result = await CallAsync(functions, name, arguments);

            Assert.That(Text(result, "error"), Does.Contain("is not a recording").Or.Contain("The path of the file is"), path);
            Assert.That(result.ToString(), Does.Not.Contain(Secret));
        }

        Assert.That(Sandbox.GetReport().Requests, Is.Zero);
        Assert.That(Directory.Exists(Output), Is.False);
    }
}
