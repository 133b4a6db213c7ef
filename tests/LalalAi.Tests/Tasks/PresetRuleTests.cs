using LalalAi.Tests.Hosts;

namespace LalalAi.Tests.Tasks;

/// <summary>What is refused before it is sent, and what is left to the service.</summary>
public sealed class PresetRuleTests
{
    private static readonly SourceId Source = new("5e0c0f0e-1111-4222-8333-444455556666");

    private static readonly (string Name, string Says, Func<LalalAiClient, Task> Start)[] Refused =
    [
        ("no stem", "Stem.Vocals", Split(new() { Stem = default })),
        ("an empty stem", "Stem.Vocals", Split(new() { Stem = new Stem("") })),
        ("synthesizer by andromeda", "phoenix", Split(new() { Stem = Stem.Synthesizer, Splitter = SplitterModel.Andromeda })),
        ("strings by perseus", "phoenix", Split(new() { Stem = Stem.Strings, Splitter = SplitterModel.Perseus })),
        ("wind by orion", "phoenix", Split(new() { Stem = Stem.Wind, Splitter = SplitterModel.Orion })),
        ("multivocal drums", "Multivocal", Split(new() { Stem = Stem.Drum, Multivocal = Multivocal.LeadBack })),
        ("the splitter auto", "Leave Splitter unset", Split(new() { Stem = Stem.Vocals, Splitter = new SplitterModel("auto") })),
        ("no stems", "1 to 6", Multistem()),
        ("seven stems", "1 to 6", Multistem(Stem.Vocals, Stem.Drum, Stem.Piano, Stem.Bass, Stem.ElectricGuitar, Stem.AcousticGuitar, new Stem("guitar"))),
        ("a stem twice", "drum more than once", Multistem(Stem.Drum, Stem.Bass, Stem.Drum)),
        ("wind among others", "wind cannot be separated together", Multistem(Stem.Drum, Stem.Wind)),
        ("no stem among others", "is not set", Multistem(Stem.Drum, default)),
        ("an empty stem among others", "is not set", Multistem(new Stem(""), Stem.Drum)),
        ("stems by auto", "Leave Splitter unset", client => client.StartAsync(Source, new MultistemPresets { StemList = [Stem.Drum], Splitter = new SplitterModel("auto") })),
        ("music of another kind", "'music'", client => client.StartAsync(Source, new DemuserPresets { Stem = "vocals" })),
        ("music by auto", "Leave Splitter unset", client => client.StartAsync(Source, new DemuserPresets { Splitter = new SplitterModel("auto") })),
        ("a voice of another kind", "'voice'", client => client.StartAsync(Source, new VoiceCleanPresets { Stem = "vocals" })),
        ("a voice by auto", "Leave Splitter unset", client => client.StartAsync(Source, new VoiceCleanPresets { Splitter = new SplitterModel("auto") })),
        ("no voice pack", "VoicePackId", Voice(" ")),
        ("an accent below 0", "-0.1", Voice("ALEX_KAYE", -0.1)),
        ("an accent above 1", "1.1", Voice("ALEX_KAYE", 1.1)),
        ("an accent that is no number", "NaN", Voice("ALEX_KAYE", double.NaN)),
    ];

    private static readonly (string Name, Func<LalalAiClient, Task> Start)[] LetThrough =
    [
        ("synthesizer", Split(new() { Stem = Stem.Synthesizer })),
        ("synthesizer by phoenix", Split(new() { Stem = Stem.Synthesizer, Splitter = SplitterModel.Phoenix })),
        ("synthesizer by a new splitter", Split(new() { Stem = Stem.Synthesizer, Splitter = new SplitterModel("cassiopeia") })),
        ("a new stem", Split(new() { Stem = new Stem("guitar") })),
        ("a new stem with lead and back", Split(new() { Stem = new Stem("choir"), Multivocal = Multivocal.LeadBack })),
        ("vocals with lead and back", Split(new() { Stem = Stem.Vocals, Multivocal = Multivocal.LeadBack })),
        ("a level that andromeda ignores", Split(new() { Stem = Stem.Vocals, Splitter = SplitterModel.Andromeda, ExtractionLevel = ExtractionLevel.ClearCut })),
        ("one stem of several", Multistem(Stem.Vocals)),
        ("six stems", Multistem(Stem.Vocals, Stem.Drum, Stem.Piano, Stem.Bass, Stem.ElectricGuitar, Stem.AcousticGuitar)),
        ("a new stem among others", Multistem(Stem.Vocals, new Stem("guitar"))),
        ("music by a new splitter", client => client.StartAsync(Source, new DemuserPresets { Splitter = new SplitterModel("cassiopeia") })),
        ("accents at their ends", Voice("ALEX_KAYE", 0)),
        ("the voice pack's accent", Voice("ALEX_KAYE", 1)),
    ];

    [Test]
    public async Task Presets_that_do_not_go_together_are_refused_and_nothing_is_sent([ValueSource(nameof(RefusedNames))] string name)
    {
        var (_, says, start) = Refused.Single(row => row.Name == name);
        await using var server = ApiServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => start(client));

        Assert.That(exception!.Message, Does.Contain(says));
        Assert.That(exception.ParamName, Is.EqualTo("presets"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Whoever_switches_the_check_off_leaves_it_to_the_service([ValueSource(nameof(RefusedNames))] string name)
    {
        await using var server = ApiServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        await Refused.Single(row => row.Name == name).Start(client);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_goes_together_or_is_not_known_is_sent([ValueSource(nameof(LetThroughNames))] string name)
    {
        await using var server = ApiServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        await LetThrough.Single(row => row.Name == name).Start(client);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_source_without_an_id_is_refused_and_missing_presets_are_named()
    {
        await using var server = ApiServer.Start(_ => ApiReply.Started);
        await using var client = ApiClients.For(server.Address);

        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => client.StartAsync(default, new DemuserPresets())))!.ParamName, Is.EqualTo("source"));
        Assert.That((await Assert.ThrowsAsync<ArgumentNullException>(() => client.StartAsync(Source, (DemuserPresets)null!)))!.ParamName, Is.EqualTo("presets"));
        Assert.That(server.Requests, Is.Empty);
    }

    private static IEnumerable<string> RefusedNames() => Refused.Select(row => row.Name);

    private static IEnumerable<string> LetThroughNames() => LetThrough.Select(row => row.Name);

    private static Func<LalalAiClient, Task> Split(StemSeparatorPresets presets) => client => client.StartAsync(Source, presets);

    private static Func<LalalAiClient, Task> Multistem(params Stem[] stems) => client => client.StartAsync(Source, new MultistemPresets { StemList = stems });

    private static Func<LalalAiClient, Task> Voice(string pack, double? accent = null) =>
        client => client.StartAsync(Source, new VoiceChangePresets { VoicePackId = pack, Accent = accent });
}
