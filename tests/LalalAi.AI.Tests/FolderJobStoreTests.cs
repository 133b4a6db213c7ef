using System.Text.Json;

namespace LalalAi.AI.Tests;

public sealed class FolderJobStoreTests
{
    private static readonly Uri Service = new("https://example.com/");
    private static readonly TaskPresets Presets = new StemSeparatorPresets { Stem = Stem.Vocals };

    private string _folder = null!;

    [SetUp]
    public void Create_a_folder() => _folder = Directory.CreateTempSubdirectory("lalalai-store").FullName;

    [TearDown]
    public void Delete_it() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Jobs_are_read_back_as_they_were_stored()
    {
        AgentJob job;
        using (var store = new FolderJobStore(_folder))
        {
            job = store.Add("0123456789abcdef", "aa", "/songs/song.wav", Service, Presets);
            job = job with
            {
                Minutes = 2.5,
                End = AgentJobEnd.Lost,
                Checkpoint = job.Checkpoint with { IdempotencyKey = Guid.NewGuid(), Tracks = [new JobTrack(0, "vocals", "/out/vocals.wav", 5)] },
            };
            store.Save(job);
        }

        using var reopened = new FolderJobStore(_folder);

        Assert.That(reopened.Jobs["0123456789abcdef"], Is.EqualTo(job));
        Assert.That(reopened.MinutesSpent, Is.EqualTo(2.5));
    }

    [Test]
    public void Minutes_count_starts_that_may_have_been_carried_out()
    {
        using var store = new FolderJobStore(_folder);
        var job = store.Add("0123456789abcdef", "aa", "/songs/song.wav", Service, Presets);
        var before = store.MinutesSpent;
        store.Save(job with { Minutes = 2.5, Checkpoint = job.Checkpoint with { IdempotencyKey = Guid.NewGuid() } });
        var after = store.MinutesSpent;
        store.Save(job with { Checkpoint = job.Checkpoint with { IdempotencyKey = Guid.NewGuid() } });

        Assert.That((before, after, store.MinutesSpent), Is.EqualTo(((double?)0, (double?)2.5, (double?)null)));
    }

    [Test]
    public void A_store_that_another_process_uses_is_rejected()
    {
        using var first = new FolderJobStore(_folder);

        Assert.That(() => new FolderJobStore(_folder), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void A_job_that_cannot_be_read_is_an_error_and_not_forgotten()
    {
        using (var store = new FolderJobStore(_folder))
        {
            store.Add("0123456789abcdef", "aa", "/songs/song.wav", Service, Presets);
        }

        File.WriteAllText(Path.Combine(_folder, "lalalai.jobs", "0123456789abcdef.json"), "{");

        Assert.That(() => new FolderJobStore(_folder), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("0123456789abcdef.json"));
        Assert.That(() => new FolderJobStore(_folder), Throws.InstanceOf<InvalidDataException>(), "The lock is released.");
    }

    [Test]
    public void Ids_depend_on_service_content_and_presets()
    {
        string[] ids =
        [
            AgentJob.CreateId(Service, "aa", Presets),
            AgentJob.CreateId(new Uri("https://example.org/"), "aa", Presets),
            AgentJob.CreateId(Service, "ab", Presets),
            AgentJob.CreateId(Service, "aa", new DemuserPresets()),
        ];

        Assert.That(ids, Is.Unique.And.All.Matches("^[0-9a-f]{16}$"));
        Assert.That(AgentJob.CreateId(Service, "aa", JsonSerializer.Deserialize<TaskPresets>(JsonSerializer.Serialize(Presets))!), Is.EqualTo(ids[0]));
    }
}
