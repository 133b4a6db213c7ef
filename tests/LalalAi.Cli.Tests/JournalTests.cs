using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Tests;

/// <summary>The journal as a file: what it forgives, and what it does not.</summary>
public sealed class JournalTests
{
    private string _directory = null!;

    private string Journal => JournalFile.PathIn(_directory);

    [SetUp]
    public void Make_a_journal()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-journal").FullName;
        using var journal = JobJournal.Open(_directory);
        journal.Append(new RunEntry { Work = 1, Service = "https://www.lalal.ai/", Kind = "demuser", Presets = new() { ["stem"] = "music" }, At = DateTimeOffset.UnixEpoch });
        journal.Add(1, "abc", 5, "/songs/ü \"x\".wav", "x");
        journal.AppendDurably(new StartingEntry(1, Guid.Parse("11111111-2222-4333-8444-555555555555"), "source", 1.5, DateTimeOffset.UnixEpoch));
    }

    [TearDown]
    public void Remove_it() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void What_was_written_is_read_again()
    {
        var index = JobJournal.Peek(_directory);

        Assert.That(index.Find(1, "abc"), Has.Property(nameof(JobRecord.Input)).EqualTo("/songs/ü \"x\".wav"));
        Assert.That(index.Find(1, "abc")!.Start!.Key, Is.EqualTo(Guid.Parse("11111111-2222-4333-8444-555555555555")));
        Assert.That(index.MinutesSpent("https://www.lalal.ai/"), Is.EqualTo(1.5));
        Assert.That(index.MinutesSpent("sandbox"), Is.Zero);
    }

    [Test]
    public void A_journal_that_was_cut_at_any_byte_is_read_up_to_its_last_whole_line()
    {
        var whole = File.ReadAllBytes(Journal);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);

            using (var journal = JobJournal.Open(_directory))
            {
                Assert.That(journal.Query(index => index.Runs.Count + index.Jobs.Count + index.Jobs.Count(job => job.IsStartOpen)), Is.EqualTo(whole[..length].Count(value => value == '\n')));
                journal.Append(new RunEntry { Work = 2, Service = "sandbox", Kind = "demuser", Presets = [], At = DateTimeOffset.UnixEpoch });
            }

            Assert.That(() => JobJournal.Peek(_directory), Throws.Nothing, $"Cut at {length}, and written on.");
        }
    }

    [TestCase("nonsense")]
    [TestCase("{\"type\":\"tomorrow\"}")]
    [TestCase("{\"type\":\"started\",\"job\":7,\"task_id\":\"x\",\"at\":\"2026-01-01T00:00:00Z\"}")]
    [TestCase("{\"type\":\"file\",\"job\":1,\"work\":1,\"sha256\":\"abc\",\"size\":5,\"input\":\"x\",\"folder\":\"y\"}")]
    [TestCase("{\"type\":\"starting\",\"job\":1,\"key\":\"no guid\"}")]
    [TestCase("{\"type\":\"star")]
    [TestCase("")]
    public void A_whole_line_that_cannot_be_read_is_named_and_left_as_it_is(string line)
    {
        File.AppendAllText(Journal, line + "\n{\"type\":\"deleted\",\"source_id\":\"x\"}\n");
        var before = File.ReadAllText(Journal);

        Assert.That(() => JobJournal.Open(_directory), Throws.TypeOf<UsageException>().With.Message.StartsWith("Line 4 of "));
        Assert.That(File.ReadAllText(Journal), Is.EqualTo(before));
    }

    [Test]
    public void A_start_that_was_refused_is_not_spent_and_its_key_is_free()
    {
        using var journal = JobJournal.Open(_directory);
        journal.Append(new RefusedEntry(1, "no minutes"));

        Assert.That(journal.Query(index => index.MinutesSpent("https://www.lalal.ai/")), Is.Zero);
        Assert.That(journal.Query(index => index.Jobs[0].IsStartOpen), Is.False);
    }

    [Test]
    public void Folders_do_not_collide_with_each_other_or_with_what_is_there()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "X (2)"));
        using var journal = JobJournal.Open(_directory);

        Assert.That(journal.Add(1, "def", 5, "/other/x.flac", "x").Folder, Is.EqualTo(Directory.Exists(Path.Combine(_directory, "x (2)")) ? "x (3)" : "x (2)"));
        Assert.That(journal.Add(1, "ghi", 5, "/other/x.mp3", "x").Folder, Is.Not.EqualTo("x").And.Not.EqualTo(journal.Query(index => index.Jobs[1].Folder)));
    }

    [Test]
    public void A_journal_in_which_nothing_was_written_leaves_no_file()
    {
        var empty = Path.Combine(_directory, "empty");

        JobJournal.Open(empty).Dispose();

        Assert.That(Directory.GetFiles(empty), Is.Empty);
    }

    [Test]
    public void A_journal_that_is_open_elsewhere_is_not_opened()
    {
        using var journal = JobJournal.Open(_directory);

        Assert.That(() => JobJournal.Open(_directory), Throws.TypeOf<UsageException>().With.Message.Contains("Wait until it has ended"));
    }
}
