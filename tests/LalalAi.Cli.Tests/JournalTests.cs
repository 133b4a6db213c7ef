using LalalAi.Cli.Failures;
using LalalAi.Cli.Journal;

namespace LalalAi.Cli.Tests;

/// <summary>The journal file: what it tolerates, and what it rejects.</summary>
[Parallelizable]
public sealed class JournalTests
{
    private string _directory = null!;

    private string Journal => JournalFile.PathIn(_directory);

    [SetUp]
    public void Make_a_journal()
    {
        _directory = Directory.CreateTempSubdirectory("lalalai-journal").FullName;
        using var journal = JobJournal.Open(_directory);
        journal.Append(
            new RunEntry { Work = 1, Service = "https://www.lalal.ai/", Presets = new DemuserPresets(), At = DateTimeOffset.UnixEpoch });
        journal.Append(new JobEntry(1, 1, "abc", "/songs/ü \"x\".wav", "x", "x/{stem}.{ext}"));
        journal.Append(
            new StartingEntry(
                1,
                Guid.Parse("11111111-2222-4333-8444-555555555555"),
                1.5,
                new SourceFile { Id = new SourceId("source"), Name = "x.wav" },
                DateTimeOffset.UnixEpoch));
    }

    [TearDown]
    public void Remove_it() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void Journal_reads_what_it_has_written()
    {
        var index = JobJournal.Peek(_directory);

        Assert.That(index.FindJob(1, "abc"), Has.Property(nameof(JobRecord.Input)).EqualTo("/songs/ü \"x\".wav"));
        Assert.That(index.FindJob(1, "abc")!.Start!.Key, Is.EqualTo(Guid.Parse("11111111-2222-4333-8444-555555555555")));
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
                Assert.That(
                    journal.Query(index => index.Runs.Count + index.Jobs.Count + index.Jobs.Count(job => job.IsStartOpen)),
                    Is.EqualTo(whole[..length].Count(value => value == '\n')));
                journal.Append(
                    new RunEntry { Work = 2, Service = "sandbox", Presets = new DemuserPresets(), At = DateTimeOffset.UnixEpoch });
            }

            Assert.That(() => JobJournal.Peek(_directory), Throws.Nothing, $"Cut at {length}, and written on.");
        }
    }

    [TestCase("nonsense")]
    [TestCase("{\"type\":\"tomorrow\"}")]
    [TestCase("{\"type\":\"started\",\"job\":7,\"task_id\":\"x\",\"at\":\"2026-01-01T00:00:00Z\"}")]
    [TestCase("{\"type\":\"job\",\"job\":1,\"work\":1,\"sha256\":\"abc\",\"input\":\"x\",\"name\":\"y\",\"tracks\":\"y/{stem}.{ext}\"}")]
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

    [TestCase("../x/{stem}.{ext}")]
    [TestCase("x/../../x/{stem}.{ext}")]
    [TestCase("x/.. /{stem}.{ext}")]
    [TestCase("/x/{stem}.{ext}")]
    [TestCase("//server/share/{stem}.{ext}")]
    [TestCase("C:/x/{stem}.{ext}")]
    [TestCase("C:x{stem}.{ext}")]
    [TestCase("..\\x\\{stem}.{ext}")]
    [TestCase("\\x\\{stem}.{ext}")]
    public void A_path_that_may_lead_out_of_the_output_folder_is_rejected_in_every_entry(string path)
    {
        var before = File.ReadAllBytes(Journal);
        JournalEntry[] entries =
        [
            new RunEntry
            {
                Work = 2, Service = "sandbox", Presets = new DemuserPresets(), OutputTemplate = path, At = DateTimeOffset.UnixEpoch,
            },
            new FileEntry(1, "/songs/y.wav", 1, DateTimeOffset.UnixEpoch, path),
            new JobEntry(2, 1, "def", "/songs/y.wav", path, "y/{stem}.{ext}"),
            new JobEntry(2, 1, "def", "/songs/y.wav", "y", path),
            new TrackEntry(1, 0, "vocals", path, 1, "abc", DateTimeOffset.UnixEpoch),
        ];

        foreach (var entry in entries)
        {
            File.WriteAllBytes(Journal, [.. before, .. JournalFormat.Write(entry)]);

            foreach (var read in new Action[] { () => JobJournal.Open(_directory), () => JobJournal.Peek(_directory) })
            {
                Assert.That(read, Throws.TypeOf<UsageException>().With.Message.StartsWith("Line 4 of ").And.Message.Contains(path), $"{entry}");
            }
        }
    }

    [Test]
    public async Task Journal_with_many_deleted_sources_is_read_in_linear_time()
    {
        const int Count = 100_000;
        await File.WriteAllBytesAsync(
            Journal,
            [
                .. Enumerable.Range(0, Count).SelectMany(number => JournalFormat.Write(
                    new SourceEntry("https://www.lalal.ai/", $"{number}", new SourceFile { Id = new SourceId($"{number}"), Name = "x.wav" }))),
                .. Enumerable.Range(0, Count - 1).SelectMany(number => JournalFormat.Write(new DeletedEntry($"{Count - 1 - number}"))),
            ]);

        // A search for each line would take hours.
        var index = await Task.Run(() => JobJournal.Peek(_directory)).SoonAsync();

        Assert.That(index.SourcesOf("https://www.lalal.ai/").Select(source => source.Sha256), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public void Rejected_start_costs_nothing_and_its_key_can_be_used()
    {
        using var journal = JobJournal.Open(_directory);
        journal.Append(new RefusedEntry(1));

        Assert.That(journal.Query(index => index.MinutesSpent("https://www.lalal.ai/")), Is.Zero);
        Assert.That(journal.Query(index => index.Jobs[0].IsStartOpen), Is.False);
    }

    [Test]
    public void A_journal_without_entries_leaves_no_file()
    {
        var empty = Path.Combine(_directory, "empty");

        JobJournal.Open(empty).Dispose();

        Assert.That(JournalFile.PathIn(empty), Does.Not.Exist);
    }

    [Test]
    public void A_journal_can_be_read_while_a_run_writes_it()
    {
        using var journal = JobJournal.Open(_directory);
        journal.Append(new RefusedEntry(1));

        Assert.That(JobJournal.Peek(_directory).Jobs[0].IsStartOpen, Is.False);
    }

    [Test]
    public void A_journal_that_is_open_elsewhere_is_not_opened()
    {
        using var journal = JobJournal.Open(_directory);

        Assert.That(() => JobJournal.Open(_directory), Throws.TypeOf<UsageException>().With.Message.Contains("Wait until it has finished"));
    }
}
