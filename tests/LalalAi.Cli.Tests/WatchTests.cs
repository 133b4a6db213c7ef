using LalalAi.Cli.Inputs;
using LalalAi.Cli.Journal;
using Microsoft.Extensions.Time.Testing;

namespace LalalAi.Cli.Tests;

/// <summary>Files that appear while a run is in progress.</summary>
public sealed class WatchTests : ServiceFixture
{
    private string Inbox => Path.Combine(Root, "inbox");

    [SetUp]
    public void Create_the_inbox() => Directory.CreateDirectory(Inbox);

    [Test]
    public async Task A_file_is_ready_once_it_has_stopped_changing_for_five_seconds()
    {
        var clock = new FakeTimeProvider();
        var watch = new InputWatch(
            () => InputSet.Find([Inbox], recursive: false, Output, new JobIndex(), InputFilter.All, mayBeEmpty: true), clock);
        await using var found = watch.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        var song = Path.Combine(Inbox, "song.wav");
        var ready = new List<int>();
        for (var second = 0; second <= 15; second++)
        {
            if (second is 2 or 4)
            {
                // It is still being copied.
                File.AppendAllText(song, "content");
            }

            var next = found.MoveNextAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            await next;
            ready.AddRange(found.Current.Files.Select(_ => second));
        }

        Assert.That(ready, Is.EqualTo(new[] { 9 }));
    }

    [Test]
    [CancelAfter(TestLimit.Milliseconds)]
    public async Task Watch_processes_new_files_and_ends_with_0_when_nothing_is_left(CancellationToken cancellationToken)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        SongFile.Write(Inbox, "first.wav", seconds: 0.1);

        var running = StartAsync(["watch", Inbox, "-s", "drum", "-o", Path.Combine(Inbox, "out"), "--json"], interrupt.Token);
        await WaitForTracksAsync("first", cancellationToken);
        SongFile.Write(Inbox, "second.wav", seconds: 0.2);
        await WaitForTracksAsync("second", cancellationToken);
        await TestLimit.UntilAsync(() => JournalFile.Entries(Path.Combine(Inbox, "out"), "done").Count == 2, cancellationToken);
        await interrupt.CancelAsync();
        var run = await running;

        Assert.That(run.ExitCode, Is.Zero, run.Messages);
        Assert.That(
            run.Events("finished").Select(line => Path.GetFileName((string?)line["file"])),
            Is.EqualTo(new[] { "first.wav", "second.wav" }));
        Assert.That(Sandbox.GetReport().Starts, Is.EqualTo(2), "Its own tracks are not recordings.");
    }

    [Test]
    public async Task Watch_of_a_folder_that_does_not_exist_is_a_mistake()
    {
        var run = await StartAsync("watch", Path.Combine(Root, "nowhere"), "-o", Output);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Messages, Does.Contain("does not exist"));
    }

    private Task WaitForTracksAsync(string name, CancellationToken cancellationToken) =>
        TestLimit.UntilAsync(() => File.Exists(Path.Combine(Inbox, "out", name, "no_drum.wav")), cancellationToken);
}
