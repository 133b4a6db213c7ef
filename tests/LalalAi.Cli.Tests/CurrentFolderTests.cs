namespace LalalAi.Cli.Tests;

/// <summary>Paths that are relative to the current folder, of which the process has only one.</summary>
[NonParallelizable]
public sealed class CurrentFolderTests : ServiceFixture
{
    private string _before = null!;

    [SetUp]
    public void Change_the_folder()
    {
        _before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Root;
    }

    // Runs before the folder is deleted.
    [TearDown]
    public void Change_it_back() => Environment.CurrentDirectory = _before;

    [Test]
    public async Task Recording_whose_name_begins_with_an_at_sign_is_not_a_response_file()
    {
        File.Move(Song, Path.Combine(Root, "@song.wav"));

        var run = await StartAsync("split", "@song.wav", "-o", Output, "--json");

        Assert.That(run.Events("finished"), Has.Count.EqualTo(1), run.Messages);
    }

    [Test]
    public async Task A_name_of_255_bytes_without_extension_is_laid_out_beside_its_recording()
    {
        var song = Path.Combine(Root, new string('n', 255));
        File.Move(Song, song);

        var run = await StartAsync("split", song);

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(run.Lines, Has.Count.EqualTo(2).And.All.Exist);
    }
}
