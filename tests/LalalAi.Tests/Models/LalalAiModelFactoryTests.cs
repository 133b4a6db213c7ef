using System.Text.Json;

namespace LalalAi.Tests.Models;

/// <summary>Models for the tests of applications.</summary>
public sealed class LalalAiModelFactoryTests
{
    private static readonly TaskId Task1 = new("0b9a7c5e-1111-4222-8333-444455556666");

    private static IEnumerable<TaskState> States =>
    [
        LalalAiModelFactory.TaskInProgress(),
        LalalAiModelFactory.TaskSucceeded(),
        LalalAiModelFactory.TaskFailed(),
        LalalAiModelFactory.TaskCanceled(),
        LalalAiModelFactory.TaskLookupFailed(),
    ];

    private static IEnumerable<TestCaseData> StatesByName =>
        from state in States
        select new TestCaseData(state).SetArgDisplayNames(state.GetType().Name);

    [TestCaseSource(nameof(StatesByName))]
    public void Factory_creates_states_that_round_trip_through_JSON(TaskState state) =>
        Assert.That(JsonSerializer.Deserialize<TaskState>(JsonSerializer.Serialize(state)), Is.EqualTo(state));

    [Test]
    public void Factory_creates_a_unique_ID_for_each_model() =>
        Assert.That(States.Concat(States).Select(state => state.TaskId), Is.Unique);

    [Test]
    public void TaskSucceeded_has_tracks_of_its_own_task()
    {
        var state = LalalAiModelFactory.TaskSucceeded(Task1, ["music", "no_music"], new DemuserPresets());

        TaskTrack[] expected =
        [
            LalalAiModelFactory.TaskTrack("music", Task1) with { Index = 0 },
            LalalAiModelFactory.TaskTrack("no_music", Task1) with { Index = 1 },
        ];
        Assert.That(state.Tracks, Is.EqualTo(expected));
        Assert.That(state.Tracks.Select(track => track.Type), Is.EqualTo(new[] { TrackType.Stem, TrackType.Back }));
    }

    [Test]
    public void SourceFile_has_a_price() =>
        Assert.That(LalalAiModelFactory.SourceFile(duration: TimeSpan.FromMinutes(2)).EstimateMinutes(new DemuserPresets()), Is.EqualTo(2));
}
