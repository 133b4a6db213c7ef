namespace LalalAi.Cli.Tests;

public sealed class DownloadLimitTests : ServiceFixture
{
    [Test]
    public async Task Downloads_limits_how_many_recordings_are_downloaded_at_the_same_time()
    {
        var songs = Path.Combine(Root, "songs");
        SongFolder.Write(songs, 8);

        var run = await StartAsync("split", songs, "-o", Output, "--downloads", "1");

        // The path of a link begins with the ID of its task. With the limit, all requests of a task follow one another.
        var tasks = Sandbox.Requests.Where(request => request.Operation == "download").Select(request => request.Path.Split('/')[1]).ToList();
        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(tasks.Where((task, index) => index == 0 || tasks[index - 1] != task).ToList(), Is.Unique.And.Count.EqualTo(8));
    }
}
